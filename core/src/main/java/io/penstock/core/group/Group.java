package io.penstock.core.group;

import io.penstock.core.group.record.CommittedOffset;
import io.penstock.core.group.record.GroupRecord;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One group of whatever kind, as far as all kinds are alike: their offsets are kept and expire by the same rules. Owned by one
 * {@link CoordinatorShard}.
 */
public sealed interface Group permits ClassicGroup {
    String groupId();

    GroupKind kind();

    /** The state's name as tools show it. */
    String stateName();

    /** What kind of members the group has, such as {@code consumer}; empty if none ever joined. */
    String protocolTypeName();

    /** Whether nobody is in it, so that it may be deleted. */
    boolean isEmpty();

    /** Memory that what its members said takes, roughly. */
    long sizeBytes();

    /** Whether somebody in it reads the topic, as far as that can be known. */
    boolean isSubscribedTo(String topic);

    /**
     * Whether a commit is to be refused; {@link Errors#NONE} if not.
     *
     * @param memberId empty if the client is in no group
     * @param generation generation or member epoch; negative if the client is in no group
     */
    Errors refuseCommit(String memberId, @Nullable String instanceId, int generation);

    /** Whether single offsets may not be deleted; {@link Errors#NONE} if they may. */
    Errors refuseOffsetDeletion();

    /** The record that ends the group. */
    GroupRecord tombstone();

    /** What the retention of an offset counts from, or {@link #KEEPS_OFFSETS} while the group's offsets do not expire. */
    long retentionStartMs(CommittedOffset offset);

    /** The group is in use in a way that keeps its offsets. */
    long KEEPS_OFFSETS = -1;
}
