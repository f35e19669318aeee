package io.penstock.core.group.assignor;

import io.penstock.core.group.assignor.AssignorInput.Member;
import io.penstock.core.group.record.PartitionSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/**
 * Shares of members that all subscribe to the same topics: equal, or one more for as many members as partitions are over. Those who have
 * had one more keep it first, and everybody keeps of what it had as much as its share allows, so nothing moves without need. Owned by one
 * assignment. Takes time proportional to partitions and members, beside sorting them.
 */
final class EqualShares {
    private static final int FREE = -1;

    private final AssignorInput input;
    private final String[] memberIds;
    private final Member[] members;
    private final Uuid[] topicIds;
    /** By topic: how many partitions the topics before it have. */
    private final int[] firstNumbers;
    /** By number of the partition, through all topics: who has it. */
    private final int[] owners;
    /** By member: how many it has had. */
    private final int[] held;

    private EqualShares(AssignorInput input, Set<Uuid> subscribed) {
        this.input = input;
        SortedMap<String, Member> sorted = new TreeMap<>(input.members());
        memberIds = sorted.keySet().toArray(new String[0]);
        members = sorted.values().toArray(new Member[0]);
        topicIds = subscribed.stream().sorted().toArray(Uuid[]::new);
        firstNumbers = new int[topicIds.length];
        int partitionCount = 0;
        for (int topic = 0; topic < topicIds.length; topic++) {
            firstNumbers[topic] = partitionCount;
            partitionCount = Math.addExact(partitionCount, input.partitionCount(topicIds[topic]));
        }
        owners = new int[partitionCount];
        Arrays.fill(owners, FREE);
        held = new int[memberIds.length];
    }

    static Map<String, PartitionSet> assign(AssignorInput input) {
        if (input.members().isEmpty()) {
            return Map.of();
        }
        EqualShares shares = new EqualShares(
                input, input.members().values().iterator().next().topicIds());
        shares.takeWhatWasHeld();
        return shares.divide();
    }

    private void takeWhatWasHeld() {
        for (int member = 0; member < memberIds.length; member++) {
            PartitionSet target = members[member].target();
            for (Uuid topicId : target.topicIds()) {
                int topic = Arrays.binarySearch(topicIds, topicId);
                if (topic >= 0) {
                    take(member, topic, target.partitions(topicId));
                }
            }
        }
    }

    private void take(int member, int topic, int[] partitions) {
        int count = input.partitionCount(topicIds[topic]);
        for (int partition : partitions) {
            int number = firstNumbers[topic] + partition;
            if (partition < count && owners[number] == FREE) {
                owners[number] = member;
                held[member]++;
            }
        }
    }

    private Map<String, PartitionSet> divide() {
        int[] room = WaterLevel.pour(new int[memberIds.length], owners.length, held);
        letGo(room);
        int next = 0;
        for (int number = 0; number < owners.length; number++) {
            if (owners[number] == FREE) {
                while (room[next] == 0) {
                    next++;
                }
                owners[number] = next;
                room[next]--;
            }
        }
        return targets();
    }

    /** Takes from members what is more than their share, the last ones first; the room that they still have is left. */
    private void letGo(int[] room) {
        for (int number = 0; number < owners.length; number++) {
            int member = owners[number];
            if (member != FREE && room[member] > 0) {
                room[member]--;
            } else {
                owners[number] = FREE;
            }
        }
    }

    private Map<String, PartitionSet> targets() {
        PartitionSet.Builder[] builders = new PartitionSet.Builder[memberIds.length];
        Arrays.setAll(builders, member -> new PartitionSet.Builder());
        for (int topic = 0; topic < topicIds.length; topic++) {
            int end = topic + 1 < topicIds.length ? firstNumbers[topic + 1] : owners.length;
            for (int number = firstNumbers[topic]; number < end; number++) {
                builders[owners[number]].add(topicIds[topic], number - firstNumbers[topic]);
            }
        }
        Map<String, PartitionSet> targets = new HashMap<>();
        for (int member = 0; member < memberIds.length; member++) {
            targets.put(memberIds[member], builders[member].buildUnless(members[member].target()));
        }
        return targets;
    }
}
