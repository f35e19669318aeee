package io.penstock.core.group;

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
 * Who is in a classic group, and what all of them have in common. Part of one {@link ClassicGroup}, which alone changes it.
 *
 * <p>A client that was given an id is not a member before it has come again with it; until then it is pending.
 */
final class ClassicRoster {
    private final LinkedHashMap<String, ClassicMember> members;
    /** Member ids of static members, by instance id. */
    private final Map<String, String> staticIds;
    /** Ids given to clients that have not come again with them. */
    private final LinkedHashSet<String> pending;

    /** Nobody. */
    ClassicRoster() {
        members = new LinkedHashMap<>();
        staticIds = new HashMap<>();
        pending = new LinkedHashSet<>();
    }

    private ClassicRoster(ClassicRoster other) {
        members = new LinkedHashMap<>(other.members);
        staticIds = new HashMap<>(other.staticIds);
        pending = new LinkedHashSet<>(other.pending);
    }

    ClassicRoster copy() {
        return new ClassicRoster(this);
    }

    // ---- questions

    /** Members in the order in which they came; not to be changed. */
    Collection<ClassicMember> members() {
        return Collections.unmodifiableCollection(members.values());
    }

    int size() {
        return members.size();
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    @Nullable
    ClassicMember member(String memberId) {
        return members.get(memberId);
    }

    /** The member that came first of those still there; null without members. */
    @Nullable
    String firstId() {
        return members.isEmpty() ? null : members.keySet().iterator().next();
    }

    /** Member id of a static member; null if there is none of that name. */
    @Nullable
    String staticId(String instanceId) {
        return staticIds.get(instanceId);
    }

    boolean isPending(String memberId) {
        return pending.contains(memberId);
    }

    int pendingCount() {
        return pending.size();
    }

    /** Whether the member is one, and not one that another process has replaced. */
    Errors check(String memberId, @Nullable String instanceId) {
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

    int awaitingJoinCount() {
        int count = 0;
        for (ClassicMember member : members.values()) {
            count += member.isAwaitingJoin() ? 1 : 0;
        }
        return count;
    }

    boolean haveAllJoined() {
        return pending.isEmpty() && awaitingJoinCount() == members.size();
    }

    /** How long the slowest member may take to come back. */
    int rebalanceTimeoutMs() {
        int longest = 0;
        for (ClassicMember member : members.values()) {
            longest = Math.max(longest, member.rebalanceTimeoutMs());
        }
        return longest;
    }

    /** Memory that what the members said takes, roughly. */
    long sizeBytes() {
        long bytes = 0;
        for (ClassicMember member : members.values()) {
            bytes += MemberProtocol.sizeBytes(member.protocols())
                    + member.assignment().size();
        }
        return bytes;
    }

    // ---- protocols

    /** Whether all members could take part in one of the protocols. */
    boolean sharesOneOf(List<MemberProtocol> protocols) {
        return protocols.stream().anyMatch(known -> isKnownToAll(known.name()));
    }

    private boolean isKnownToAll(String name) {
        return members.values().stream().allMatch(member -> member.supports(name));
    }

    /**
     * The protocol with the most votes among those that all members know; the first voted for if several have as many. There must be
     * members.
     */
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

    // ---- changes

    /** Adds a member, or puts it in the place of the one with the same id. One that was pending is not any more. */
    void put(ClassicMember member) {
        pending.remove(member.id());
        members.put(member.id(), member);
        String instanceId = member.instanceId();
        if (instanceId != null) {
            staticIds.put(instanceId, member.id());
        }
    }

    void addPending(String memberId) {
        pending.add(memberId);
    }

    /** Removes a member or a pending id. */
    void remove(String memberId) {
        ClassicMember removed = members.remove(memberId);
        if (removed != null && removed.instanceId() != null) {
            staticIds.remove(removed.instanceId(), memberId);
        }
        pending.remove(memberId);
    }
}
