package io.penstock.core.group;

import io.penstock.core.group.record.CommittedOffset;
import io.penstock.core.group.record.GroupRecord;
import java.util.List;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One group of whatever kind, as far as all kinds are alike: their offsets are kept and expire by the same rules. Owned by one
 * {@link CoordinatorShard}.
 */
public sealed interface Group permits ClassicGroup, ConsumerGroup, StreamsGroup {
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
     * Whether a commit is to be refused; {@link Errors#NONE} if not. The member id is empty, and the generation or member epoch
     * negative, if the client is in no group.
     */
    Errors refuseCommit(OffsetCommitRequestData request, CommitCaller caller);

    /**
     * Whether a question for offsets is to be refused; {@link Errors#NONE} if not.
     *
     * @param memberId null unless the client says that it is a member of the consumer protocol
     * @param memberEpoch negative if it does not
     */
    Errors refuseFetch(@Nullable String memberId, int memberEpoch);

    /** Whether single offsets may not be deleted; {@link Errors#NONE} if they may. */
    Errors refuseOffsetDeletion();

    /** The records that end the group, in the order in which they must be written. */
    List<GroupRecord> tombstones();

    /** What the retention of an offset counts from, or {@link #KEEPS_OFFSETS} while the group's offsets do not expire. */
    long retentionStartMs(CommittedOffset offset);

    /** The group is in use in a way that keeps its offsets. */
    long KEEPS_OFFSETS = -1;
}
