package io.penstock.core.group;

import io.penstock.core.group.record.ClassicGroupRecord;
import io.penstock.core.group.record.CommittedOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    private final LinkedHashMap<String, ClassicMember> members;
    /** Member ids of static members, by instance id. */
    private final Map<String, String> staticIds;
    /** Ids given to clients that have not come again with them. */
    private final LinkedHashSet<String> pendingJoins;
    /** Members that have not asked for their assignment in this generation. */
    private final LinkedHashSet<String> pendingSyncs;
    /** What the members read, null if that cannot be known. */
    private @Nullable Set<String> subscribedTopics;

    private ClassicGroup(String groupId, ClassicState state, long stateTimeMs) {
        this.groupId = groupId;
        this.state = state;
        this.stateTimeMs = stateTimeMs;
        this.members = new LinkedHashMap<>();
        this.staticIds = new HashMap<>();
        this.pendingJoins = new LinkedHashSet<>();
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
        this.members = new LinkedHashMap<>(other.members);
        this.staticIds = new HashMap<>(other.staticIds);
        this.pendingJoins = new LinkedHashSet<>(other.pendingJoins);
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
            group.put(ClassicMember.of(member, value.protocolType(), value.protocol()));
        }
        group.subscribedTopics = group.computeSubscribedTopics();
        return group;
    }

    /** What the log has to tell of the group. */
    ClassicGroupRecord toRecord() {
        List<ClassicGroupRecord.Member> stored = new ArrayList<>(members.size());
        String chosen = protocol;
        if (chosen != null) {
            members.values().forEach(member -> stored.add(member.toRecord(chosen)));
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
        long bytes = 0;
        for (ClassicMember member : members.values()) {
            bytes += MemberProtocol.sizeBytes(member.protocols())
                    + member.assignment().size();
        }
        return bytes;
    }

    @Override
    public boolean isSubscribedTo(String topic) {
        return subscribedTopics == null ? isOfConsumers() : subscribedTopics.contains(topic);
    }

    @Override
    public ClassicGroupRecord tombstone() {
        return ClassicGroupRecord.tombstone(groupId);
    }

    @Override
    public Errors refuseCommit(String memberId, @Nullable String instanceId, int commitGeneration) {
        if (commitGeneration < 0 && isEmpty()) {
            return Errors.NONE;
        }
        if (commitGeneration < 0 && memberId.isEmpty() && instanceId == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        Errors error = checkMember(memberId, instanceId, commitGeneration);
        if (error != Errors.NONE) {
            return error;
        }
        return state == ClassicState.COMPLETING_REBALANCE ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
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

    /** Members in the order in which they came; not to be changed. */
    Collection<ClassicMember> members() {
        return Collections.unmodifiableCollection(members.values());
    }

    int memberCount() {
        return members.size();
    }

    @Nullable
    ClassicMember member(String memberId) {
        return members.get(memberId);
    }

    /** Member id of a static member; null if there is none of that name. */
    @Nullable
    String staticId(String instanceId) {
        return staticIds.get(instanceId);
    }

    boolean isPending(String memberId) {
        return pendingJoins.contains(memberId);
    }

    int pendingCount() {
        return pendingJoins.size();
    }

    /** Members that have not asked for their assignment; a copy. */
    List<String> pendingSyncs() {
        return List.copyOf(pendingSyncs);
    }

    /** Whether the member is one, and not one that another process has replaced. */
    Errors checkMember(String memberId, @Nullable String instanceId) {
        if (instanceId != null) {
            String known = staticIds.get(instanceId);
            if (known != null && !known.equals(memberId)) {
                return Errors.FENCED_INSTANCE_ID;
            }
            if (known == null) {
                return Errors.UNKNOWN_MEMBER_ID;
            }
        }
        return members.containsKey(memberId) ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
    }

    /** The same, and whether it is of the present generation. */
    Errors checkMember(String memberId, @Nullable String instanceId, int memberGeneration) {
        Errors error = checkMember(memberId, instanceId);
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

    int awaitingJoinCount() {
        int count = 0;
        for (ClassicMember member : members.values()) {
            count += member.isAwaitingJoin() ? 1 : 0;
        }
        return count;
    }

    boolean haveAllJoined() {
        return pendingJoins.isEmpty() && awaitingJoinCount() == members.size();
    }

    /** How long the slowest member may take to come back. */
    int rebalanceTimeoutMs() {
        int longest = 0;
        for (ClassicMember member : members.values()) {
            longest = Math.max(longest, member.rebalanceTimeoutMs());
        }
        return longest;
    }

    /** Whether a member of that kind can take part: if there are others, in something that all of them can, too. */
    boolean accepts(String memberProtocolType, List<MemberProtocol> protocols) {
        if (isEmpty()) {
            return !memberProtocolType.isEmpty() && !protocols.isEmpty();
        }
        return memberProtocolType.equals(protocolType)
                && protocols.stream().anyMatch(known -> isKnownToAll(known.name()));
    }

    private boolean isKnownToAll(String name) {
        return members.values().stream().allMatch(member -> member.supports(name));
    }

    /** The protocol with the most votes among those that all members know; the first voted for if several have as many. */
    String electProtocol() {
        Set<String> candidates = new HashSet<>();
        for (MemberProtocol known : members.values().iterator().next().protocols()) {
            if (isKnownToAll(known.name())) {
                candidates.add(known.name());
            }
        }
        Map<String, Integer> votes = new LinkedHashMap<>();
        members.values().forEach(member -> votes.merge(member.vote(candidates), 1, Integer::sum));
        return Collections.max(votes.entrySet(), Map.Entry.comparingByValue()).getKey();
    }

    // ---- changes of a copy

    private void put(ClassicMember member) {
        members.put(member.id(), member);
        String instanceId = member.instanceId();
        if (instanceId != null) {
            staticIds.put(instanceId, member.id());
        }
    }

    /** Adds a member. The first one decides what kind of group it is, and leads. */
    void add(ClassicMember member) {
        if (members.isEmpty()) {
            protocolType = member.protocolType();
        }
        if (leaderId == null) {
            leaderId = member.id();
        }
        memberAdded |= initialRebalance && state == ClassicState.PREPARING_REBALANCE;
        pendingJoins.remove(member.id());
        put(member);
    }

    /** Puts a member in the place of the one with the same id. */
    void update(ClassicMember member) {
        members.put(member.id(), member);
    }

    /** Removes a member or a pending one; another leads if it led. */
    void remove(String memberId) {
        ClassicMember removed = members.remove(memberId);
        if (removed != null && removed.instanceId() != null) {
            staticIds.remove(removed.instanceId());
        }
        if (isLeader(memberId)) {
            leaderId = members.isEmpty() ? null : members.keySet().iterator().next();
        }
        pendingJoins.remove(memberId);
        pendingSyncs.remove(memberId);
    }

    /** Gives a static member's place to another process. */
    ClassicMember replaceStatic(ClassicMember old, String newId) {
        boolean led = isLeader(old.id());
        ClassicMember replacement = old.replacedBy(newId);
        members.remove(old.id());
        put(replacement);
        if (led) {
            leaderId = newId;
        }
        return replacement;
    }

    void addPending(String memberId) {
        pendingJoins.add(memberId);
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
        protocol = members.isEmpty() ? null : electProtocol();
        subscribedTopics = computeSubscribedTopics();
        pendingSyncs.clear();
        enter(members.isEmpty() ? ClassicState.EMPTY : ClassicState.COMPLETING_REBALANCE, nowMs);
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
        if (members.isEmpty()) {
            return Set.of();
        }
        return protocol == null ? null : ConsumerSubscriptions.topics(members.values(), protocol);
    }
}
