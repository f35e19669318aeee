package io.penstock.core.group;

import io.penstock.core.group.record.ClassicGroupRecord;
import io.penstock.core.group.record.OpaqueBytes;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.jspecify.annotations.Nullable;

/**
 * A member of a classic group. Immutable.
 *
 * @param instanceId the name of a static member, null for a dynamic one
 * @param clientHost the client's address as Kafka writes it, with a slash in front
 * @param protocols what it can take part in, best liked first; only the chosen one if it was read from the log
 * @param assignment what the leader gave it in this generation; empty until then
 * @param joinWaiter whom to answer when the join phase ends; null if nobody waits
 * @param syncWaiter whom to answer when the leader has assigned; null if nobody waits
 * @param isNew whether it has not been through a join phase yet
 */
record ClassicMember(
        String id,
        @Nullable String instanceId,
        String clientId,
        String clientHost,
        int rebalanceTimeoutMs,
        int sessionTimeoutMs,
        String protocolType,
        List<MemberProtocol> protocols,
        OpaqueBytes assignment,
        @Nullable Reply<JoinGroupResponseData> joinWaiter,
        @Nullable Reply<SyncGroupResponseData> syncWaiter,
        boolean isNew) {

    ClassicMember {
        protocols = List.copyOf(protocols);
    }

    /** A member that has just asked to join. */
    static ClassicMember joining(String id, JoinRequest request) {
        return new ClassicMember(
                id,
                request.instanceId(),
                request.clientId(),
                request.clientHost(),
                request.rebalanceTimeoutMs(),
                request.sessionTimeoutMs(),
                request.protocolType(),
                request.protocols(),
                OpaqueBytes.EMPTY,
                request.reply(),
                null,
                true);
    }

    static ClassicMember of(ClassicGroupRecord.Member stored, String protocolType, @Nullable String protocol) {
        return new ClassicMember(
                stored.memberId(),
                stored.instanceId(),
                stored.clientId(),
                stored.clientHost(),
                stored.rebalanceTimeoutMs() == ClassicGroupRecord.Member.NO_TIMEOUT
                        ? stored.sessionTimeoutMs()
                        : stored.rebalanceTimeoutMs(),
                stored.sessionTimeoutMs(),
                protocolType,
                protocol == null ? List.of() : List.of(new MemberProtocol(protocol, stored.subscription())),
                stored.assignment(),
                null,
                null,
                false);
    }

    ClassicGroupRecord.Member toRecord(String protocol) {
        return new ClassicGroupRecord.Member(
                id,
                instanceId,
                clientId,
                clientHost,
                rebalanceTimeoutMs,
                sessionTimeoutMs,
                metadata(protocol),
                assignment);
    }

    boolean isStatic() {
        return instanceId != null;
    }

    boolean isAwaitingJoin() {
        return joinWaiter != null;
    }

    /** Whether it need not be heard of: it waits for an answer of ours. */
    boolean isKeptAlive() {
        return !isNew && (joinWaiter != null || syncWaiter != null);
    }

    /** What it said under a protocol; empty if it does not know that one. */
    OpaqueBytes metadata(@Nullable String protocol) {
        for (MemberProtocol known : protocols) {
            if (known.name().equals(protocol)) {
                return known.metadata();
            }
        }
        return OpaqueBytes.EMPTY;
    }

    boolean supports(String protocol) {
        return protocols.stream().anyMatch(known -> known.name().equals(protocol));
    }

    /** The one of the candidates that it likes best. */
    String vote(Set<String> candidates) {
        for (MemberProtocol known : protocols) {
            if (candidates.contains(known.name())) {
                return known.name();
            }
        }
        throw new IllegalStateException("expected member " + id + " to know one of " + candidates);
    }

    // ---- the same member, changed

    /** As it presents itself in a new request to join. */
    ClassicMember rejoining(JoinRequest request) {
        return new ClassicMember(
                id,
                instanceId,
                clientId,
                clientHost,
                request.rebalanceTimeoutMs(),
                request.sessionTimeoutMs(),
                protocolType,
                request.protocols(),
                assignment,
                request.reply(),
                syncWaiter,
                isNew);
    }

    /** Another process that took the place of a static member; nobody waits any more. */
    ClassicMember replacedBy(String newId) {
        return new ClassicMember(
                newId,
                instanceId,
                clientId,
                clientHost,
                rebalanceTimeoutMs,
                sessionTimeoutMs,
                protocolType,
                protocols,
                assignment,
                null,
                null,
                false);
    }

    ClassicMember withAssignment(OpaqueBytes newAssignment) {
        return changed(newAssignment, joinWaiter, syncWaiter, isNew);
    }

    ClassicMember withoutJoinWaiter() {
        return changed(assignment, null, syncWaiter, isNew);
    }

    ClassicMember withSyncWaiter(@Nullable Reply<SyncGroupResponseData> waiter) {
        return changed(assignment, joinWaiter, waiter, isNew);
    }

    ClassicMember settled() {
        return changed(assignment, joinWaiter, syncWaiter, false);
    }

    private ClassicMember changed(
            OpaqueBytes newAssignment,
            @Nullable Reply<JoinGroupResponseData> newJoinWaiter,
            @Nullable Reply<SyncGroupResponseData> newSyncWaiter,
            boolean newIsNew) {
        return new ClassicMember(
                id,
                instanceId,
                clientId,
                clientHost,
                rebalanceTimeoutMs,
                sessionTimeoutMs,
                protocolType,
                protocols,
                newAssignment,
                newJoinWaiter,
                newSyncWaiter,
                newIsNew);
    }
}
