package io.penstock.core.group.assignor;

import io.penstock.core.group.assignor.AssignorInput.Member;
import io.penstock.core.group.record.PartitionSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** A group whose members and topics come and go at random. */
final class RandomGroup {
    private final Random random;
    private final boolean isAlike;
    private final Map<String, Member> members = new TreeMap<>();
    private final Map<Uuid, Integer> partitionCounts = new HashMap<>();
    private int memberNumber;

    RandomGroup(Random random, int memberCount, int topicCount, int maxPartitionCount, boolean isAlike) {
        this.random = random;
        this.isAlike = isAlike;
        for (int i = 0; i < topicCount; i++) {
            addTopic(1 + random.nextInt(maxPartitionCount));
        }
        for (int i = 0; i < memberCount; i++) {
            addMember();
        }
    }

    AssignorInput input() {
        return new AssignorInput(Collections.unmodifiableMap(new TreeMap<>(members)), Map.copyOf(partitionCounts));
    }

    /** The members have from now on what was decided. */
    void carryOut(Map<String, PartitionSet> targets) {
        members.replaceAll((memberId, member) ->
                new Member(member.instanceId(), member.topicIds(), targets.getOrDefault(memberId, PartitionSet.EMPTY)));
    }

    /** Something happens to the group. */
    void change() {
        switch (random.nextInt(5)) {
            case 0 -> addMember();
            case 1 -> removeMember();
            case 2 -> growTopic();
            case 3 -> replaceTopic();
            default -> resubscribe();
        }
    }

    private void addTopic(int partitionCount) {
        partitionCounts.put(new Uuid(random.nextLong(), random.nextLong()), partitionCount);
    }

    private void addMember() {
        String memberId = "m" + random.nextInt(1_000) + "-" + memberNumber++;
        String instanceId = random.nextInt(3) == 0 ? "i" + random.nextInt(1_000) + "-" + memberNumber : null;
        members.put(memberId, new Member(instanceId, subscription(null), PartitionSet.EMPTY));
    }

    private void removeMember() {
        if (members.size() > 1) {
            members.remove(pick(members.keySet()));
        }
    }

    private void growTopic() {
        partitionCounts.merge(pick(partitionCounts.keySet()), 1 + random.nextInt(3), Integer::sum);
    }

    /** A topic goes, and another comes; members keep what they had of the old one until the next assignment. */
    private void replaceTopic() {
        Uuid gone = pick(partitionCounts.keySet());
        addTopic(partitionCounts.getOrDefault(gone, 1));
        partitionCounts.remove(gone);
        members.replaceAll((memberId, member) ->
                new Member(member.instanceId(), subscription(member.topicIds()), member.target()));
    }

    private void resubscribe() {
        String memberId = pick(members.keySet());
        members.computeIfPresent(
                memberId, (id, member) -> new Member(member.instanceId(), subscription(null), member.target()));
    }

    /** All topics, or any of them; of those that were chosen before, the ones that still exist. */
    private Set<Uuid> subscription(@Nullable Set<Uuid> before) {
        Set<Uuid> topics = new HashSet<>(partitionCounts.keySet());
        if (!isAlike) {
            topics.removeIf(topic -> before == null ? random.nextBoolean() : !before.contains(topic));
        }
        return topics;
    }

    private <T extends Comparable<T>> T pick(Collection<T> all) {
        List<T> sorted = new ArrayList<>(all);
        Collections.sort(sorted);
        return sorted.get(random.nextInt(sorted.size()));
    }
}
