package io.penstock.core.group.consumer;

import io.penstock.core.collection.PersistentMap;
import io.penstock.core.group.record.ConsumerGroupMemberRecord.ClassicMetadata;
import io.penstock.core.group.record.ConsumerGroupMemberRecord.Protocol;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The members of a consumer group, with what can be counted among them. Immutable. */
public final class Roster {
    public static final Roster EMPTY =
            new Roster(PersistentMap.empty(), PersistentMap.empty(), Tally.EMPTY, Tally.EMPTY, 0, 0);

    private static final int MEMBER_BYTES = 256;

    private final PersistentMap<String, ConsumerMember> members;
    /** Member ids of static members, by instance id. */
    private final PersistentMap<String, String> staticIds;
    /** How many members prefer each assignor. */
    private final Tally assignors;
    /** How many members of the classic protocol know each of their own assignors. */
    private final Tally classicProtocols;

    private final int classicCount;
    private final long sizeBytes;

    private Roster(
            PersistentMap<String, ConsumerMember> members,
            PersistentMap<String, String> staticIds,
            Tally assignors,
            Tally classicProtocols,
            int classicCount,
            long sizeBytes) {
        this.members = members;
        this.staticIds = staticIds;
        this.assignors = assignors;
        this.classicProtocols = classicProtocols;
        this.classicCount = classicCount;
        this.sizeBytes = sizeBytes;
    }

    /** All members, in no order. */
    public Collection<ConsumerMember> members() {
        return members.values();
    }

    public int size() {
        return members.size();
    }

    public @Nullable ConsumerMember member(String memberId) {
        return members.get(memberId);
    }

    /** The static member of that name, whatever its member id; null if there is none. */
    public @Nullable ConsumerMember staticMember(@Nullable String instanceId) {
        String memberId = instanceId == null ? null : staticIds.get(instanceId);
        return memberId == null ? null : members.get(memberId);
    }

    /** The assignor that most members prefer; null if none has a preference. */
    public @Nullable String preferredAssignor() {
        return assignors.mostFrequent();
    }

    /** Members that speak the classic protocol. */
    public int classicCount() {
        return classicCount;
    }

    /** Whether every member of the classic protocol knows that assignor of theirs. */
    public boolean isKnownToAllClassic(String protocol) {
        return classicProtocols.count(protocol) == classicCount;
    }

    /** Memory that what members said takes, roughly. */
    public long sizeBytes() {
        return sizeBytes;
    }

    // ---- the roster, changed

    /** With a member in the place of the one with the same id, if there is one. */
    public Roster with(ConsumerMember member) {
        Roster base = counted(members.get(member.id()), -1).counted(member, 1);
        String instanceId = member.instanceId();
        return new Roster(
                members.plus(member.id(), member),
                instanceId == null ? staticIds : staticIds.plus(instanceId, member.id()),
                base.assignors,
                base.classicProtocols,
                base.classicCount,
                base.sizeBytes);
    }

    public Roster without(String memberId) {
        ConsumerMember member = members.get(memberId);
        if (member == null) {
            return this;
        }
        Roster base = counted(member, -1);
        String instanceId = member.instanceId();
        boolean isHolder = instanceId != null && memberId.equals(staticIds.get(instanceId));
        return new Roster(
                members.minus(memberId),
                instanceId != null && isHolder ? staticIds.minus(instanceId) : staticIds,
                base.assignors,
                base.classicProtocols,
                base.classicCount,
                base.sizeBytes);
    }

    /** The same members, with one counted once more or once less. */
    private Roster counted(@Nullable ConsumerMember member, int times) {
        if (member == null) {
            return this;
        }
        String assignor = member.profile().serverAssignor();
        ClassicMetadata classic = member.classic();
        Tally protocols = classicProtocols;
        if (classic != null) {
            for (Protocol protocol : classic.supportedProtocols()) {
                protocols = times > 0 ? protocols.plus(protocol.name()) : protocols.minus(protocol.name());
            }
        }
        return new Roster(
                members,
                staticIds,
                times > 0 ? assignors.plus(assignor) : assignors.minus(assignor),
                protocols,
                classicCount + (classic == null ? 0 : times),
                sizeBytes + times * sizeBytes(member));
    }

    private static long sizeBytes(ConsumerMember member) {
        long bytes = MEMBER_BYTES + Integer.BYTES * 2L * member.held().partitionCount();
        for (String topic : member.profile().subscribedTopicNames()) {
            bytes += topic.length();
        }
        ClassicMetadata classic = member.classic();
        if (classic != null) {
            for (Protocol protocol : classic.supportedProtocols()) {
                bytes += protocol.name().length() + protocol.metadata().size();
            }
        }
        return bytes;
    }
}
