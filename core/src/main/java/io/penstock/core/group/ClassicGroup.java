package io.penstock.core.group;

import io.penstock.core.group.record.ClassicGroupRecord;
import io.penstock.core.group.record.CommittedOffset;
import io.penstock.core.group.record.GroupRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A group whose members assign partitions among themselves: who is in it, where it is in its rebalance, and who waits for an answer.
 *
 * <p>What is in the log is a generation with its assignment, or that the group is empty; the rest is gone when the process is.
 * Changed only as a {@link #copy} that one decision works on; a group in the shard's table never changes. Owned by one
 * {@link CoordinatorShard}.
 */
public final class ClassicGroup implements Group {
    static final String CONSUMER_PROTOCOL = "consumer";

    private final String groupId;
    private ClassicState state;
    private long stateTimeMs;
    /** Whether the rebalance under way is the first after the group was empty: then it ends by time alone. */
    private boolean initialRebalance;
    /** Whether somebody has come since the initial rebalance last waited. */
    private boolean memberAdded;

    private @Nullable String protocolType;
    private @Nullable String protocol;
    private int generation;
    private @Nullable String leaderId;

    private final ClassicRoster roster;
    /** Members that have not asked for their assignment in this generation. */
    private final LinkedHashSet<String> pendingSyncs;
    /** What the members read, null if that cannot be known. */
    private @Nullable Set<String> subscribedTopics;

    private ClassicGroup(String groupId, ClassicState state, long stateTimeMs) {
        this.groupId = groupId;
        this.state = state;
        this.stateTimeMs = stateTimeMs;
        this.roster = new ClassicRoster();
        this.pendingSyncs = new LinkedHashSet<>();
    }

    private ClassicGroup(ClassicGroup other) {
        this.groupId = other.groupId;
        this.state = other.state;
        this.stateTimeMs = other.stateTimeMs;
        this.initialRebalance = other.initialRebalance;
        this.memberAdded = other.memberAdded;
        this.protocolType = other.protocolType;
        this.protocol = other.protocol;
        this.generation = other.generation;
        this.leaderId = other.leaderId;
        this.roster = other.roster.copy();
        this.pendingSyncs = new LinkedHashSet<>(other.pendingSyncs);
        this.subscribedTopics = other.subscribedTopics;
    }

    /** A group in which nobody has ever been. */
    static ClassicGroup empty(String groupId, long nowMs) {
        return new ClassicGroup(groupId, ClassicState.EMPTY, nowMs);
    }

    /** A group as the log tells it. */
    static ClassicGroup of(String groupId, ClassicGroupRecord.Value value) {
        ClassicGroup group = new ClassicGroup(
                groupId, value.members().isEmpty() ? ClassicState.EMPTY : ClassicState.STABLE, value.stateTimeMs());
        group.protocolType = value.protocolType().isEmpty() ? null : value.protocolType();
        group.protocol = value.protocol();
        group.generation = value.generation();
        group.leaderId = value.leader();
        for (ClassicGroupRecord.Member member : value.members()) {
            group.roster.put(ClassicMember.of(member, value.protocolType(), value.protocol()));
        }
        group.subscribedTopics = group.computeSubscribedTopics();
        return group;
    }

    /** A group that goes on from another protocol, settled as it is; its members know a protocol in common. */
    static ClassicGroup settled(String groupId, int generation, List<ClassicMember> members, long nowMs) {
        ClassicGroup group = new ClassicGroup(groupId, ClassicState.STABLE, nowMs);
        group.generation = generation;
        members.forEach(group::add);
        group.protocol = group.roster.electProtocol();
        group.subscribedTopics = group.computeSubscribedTopics();
        return group;
    }

    /** What the log has to tell of the group. */
    ClassicGroupRecord toRecord() {
        List<ClassicGroupRecord.Member> stored = new ArrayList<>(roster.size());
        String chosen = protocol;
        if (chosen != null) {
            roster.members().forEach(member -> stored.add(member.toRecord(chosen)));
        }
        return new ClassicGroupRecord(
                groupId,
                new ClassicGroupRecord.Value(protocolTypeName(), generation, protocol, leaderId, stateTimeMs, stored));
    }

    /** The same group, to be changed by one decision. */
    ClassicGroup copy() {
        return new ClassicGroup(this);
    }

    // ---- as any group

    @Override
    public String groupId() {
        return groupId;
    }

    @Override
    public GroupKind kind() {
        return GroupKind.CLASSIC;
    }

    @Override
    public String stateName() {
        return state.wireName();
    }

    @Override
    public String protocolTypeName() {
        return protocolType == null ? "" : protocolType;
    }

    @Override
    public boolean isEmpty() {
        return state == ClassicState.EMPTY;
    }

    @Override
    public long sizeBytes() {
        return roster.sizeBytes();
    }

    @Override
    public boolean isSubscribedTo(String topic) {
        return subscribedTopics == null ? isOfConsumers() : subscribedTopics.contains(topic);
    }

    @Override
    public List<GroupRecord> tombstones() {
        return List.of(ClassicGroupRecord.tombstone(groupId));
    }

    @Override
    public Errors refuseCommit(OffsetCommitRequestData request, CommitCaller caller) {
        boolean isInTransaction = caller == CommitCaller.IN_TRANSACTION;
        String instanceId = request.groupInstanceId();
        int commitGeneration = request.generationIdOrMemberEpoch();
        if (commitGeneration < 0 && isEmpty()) {
            return Errors.NONE;
        }
        if (commitGeneration < 0 && request.memberId().isEmpty() && instanceId == null) {
            return isInTransaction ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
        }
        Errors error = checkMember(request.memberId(), instanceId, commitGeneration);
        if (error != Errors.NONE) {
            return error;
        }
        boolean isUnsettled = state == ClassicState.COMPLETING_REBALANCE;
        return isUnsettled && !isInTransaction ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    @Override
    public Errors refuseFetch(@Nullable String memberId, int memberEpoch) {
        return Errors.NONE;
    }

    @Override
    public Errors refuseOffsetDeletion() {
        return isEmpty() || isOfConsumers() ? Errors.NONE : Errors.NON_EMPTY_GROUP;
    }

    @Override
    public long retentionStartMs(CommittedOffset offset) {
        if (protocolType == null) {
            return offset.commitTimeMs();
        }
        if (isEmpty()) {
            return stateTimeMs == ClassicGroupRecord.Value.NO_TIME ? offset.commitTimeMs() : stateTimeMs;
        }
        boolean isKnownNotToRead = isOfConsumers() && subscribedTopics != null && state == ClassicState.STABLE;
        return isKnownNotToRead ? offset.commitTimeMs() : KEEPS_OFFSETS;
    }

    private boolean isOfConsumers() {
        return CONSUMER_PROTOCOL.equals(protocolType);
    }

    // ---- questions

    ClassicState state() {
        return state;
    }

    int generation() {
        return generation;
    }

    @Nullable
    String protocolType() {
        return protocolType;
    }

    /** The assignor of this generation; null without members or before the first generation. */
    @Nullable
    String protocol() {
        return protocol;
    }

    @Nullable
    String leaderId() {
        return leaderId;
    }

    boolean isLeader(String memberId) {
        return memberId.equals(leaderId);
    }

    /** Who is in it; not to be changed but through the group. */
    ClassicRoster roster() {
        return roster;
    }

    /** Members in the order in which they came; not to be changed. */
    Collection<ClassicMember> members() {
        return roster.members();
    }

    @Nullable
    ClassicMember member(String memberId) {
        return roster.member(memberId);
    }

    /** Members that have not asked for their assignment; a copy. */
    List<String> pendingSyncs() {
        return List.copyOf(pendingSyncs);
    }

    /** Whether the member is one, not replaced by another process, and of the present generation. */
    Errors checkMember(String memberId, @Nullable String instanceId, int memberGeneration) {
        Errors error = roster.check(memberId, instanceId);
        if (error != Errors.NONE) {
            return error;
        }
        return memberGeneration == generation ? Errors.NONE : Errors.ILLEGAL_GENERATION;
    }

    boolean isInitialRebalance() {
        return initialRebalance;
    }

    boolean isMemberAdded() {
        return memberAdded;
    }

    /** Whether a member of that kind can take part: if there are others, in something that all of them can, too. */
    boolean accepts(String memberProtocolType, List<MemberProtocol> protocols) {
        if (isEmpty()) {
            return !memberProtocolType.isEmpty() && !protocols.isEmpty();
        }
        return memberProtocolType.equals(protocolType) && roster.sharesOneOf(protocols);
    }

    // ---- changes of a copy

    /** Adds a member. The first one decides what kind of group it is, and leads. */
    void add(ClassicMember member) {
        if (roster.isEmpty()) {
            protocolType = member.protocolType();
        }
        if (leaderId == null) {
            leaderId = member.id();
        }
        memberAdded |= initialRebalance && state == ClassicState.PREPARING_REBALANCE;
        roster.put(member);
    }

    /** Puts a member in the place of the one with the same id. */
    void update(ClassicMember member) {
        roster.put(member);
    }

    /** Removes a member or a pending one; another leads if it led. */
    void remove(String memberId) {
        roster.remove(memberId);
        if (isLeader(memberId)) {
            leaderId = roster.firstId();
        }
        pendingSyncs.remove(memberId);
    }

    /** Gives a static member's place to another process. */
    ClassicMember replaceStatic(ClassicMember old, String newId) {
        boolean led = isLeader(old.id());
        ClassicMember replacement = old.replacedBy(newId);
        roster.remove(old.id());
        roster.put(replacement);
        if (led) {
            leaderId = newId;
        }
        return replacement;
    }

    void addPending(String memberId) {
        roster.addPending(memberId);
    }

    void forgetMemberAdded() {
        memberAdded = false;
    }

    void awaitSync(String memberId) {
        pendingSyncs.add(memberId);
    }

    void onSynced(String memberId) {
        pendingSyncs.remove(memberId);
    }

    void forgetPendingSyncs() {
        pendingSyncs.clear();
    }

    void lead(String memberId) {
        leaderId = memberId;
    }

    void toPreparing(long nowMs) {
        initialRebalance = state == ClassicState.EMPTY;
        enter(ClassicState.PREPARING_REBALANCE, nowMs);
    }

    /** Ends the join phase: the next generation begins with whoever is there. */
    void toNextGeneration(long nowMs) {
        generation++;
        protocol = roster.isEmpty() ? null : roster.electProtocol();
        subscribedTopics = computeSubscribedTopics();
        pendingSyncs.clear();
        enter(roster.isEmpty() ? ClassicState.EMPTY : ClassicState.COMPLETING_REBALANCE, nowMs);
    }

    void toStable(long nowMs) {
        enter(ClassicState.STABLE, nowMs);
    }

    /** A member's subscription has changed without a rebalance. */
    void refreshSubscribedTopics() {
        subscribedTopics = computeSubscribedTopics();
    }

    private void enter(ClassicState next, long nowMs) {
        state = next;
        stateTimeMs = nowMs;
    }

    private @Nullable Set<String> computeSubscribedTopics() {
        if (!isOfConsumers()) {
            return null;
        }
        if (roster.isEmpty()) {
            return Set.of();
        }
        return protocol == null ? null : ConsumerSubscriptions.topics(roster.members(), protocol);
    }
}
