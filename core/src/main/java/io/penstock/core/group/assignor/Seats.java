package io.penstock.core.group.assignor;

import io.penstock.core.group.assignor.AssignorInput.Member;
import io.penstock.core.group.record.PartitionSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/**
 * Members and topics as numbers, in the order of their ids, and who has which partition. A subscriber of a topic has a seat there. Owned
 * by one assignment.
 *
 * <p>What members had before counts as far as they still subscribe to it, it exists, and nobody with a lower number had it too.
 */
final class Seats {
    private static final int FREE = -1;

    private final AssignorInput input;
    private final String[] memberIds;
    private final Member[] members;
    private final Uuid[] topicIds;

    /** By topic: the members, ascending. */
    private final int[][] subscribers;
    /** By topic, then by partition: the seat that has had it so far, or {@link #FREE}. */
    private final int[][] owners;
    /** By topic, then by seat: how many partitions it has. */
    private final int[][] held;
    /** By member: all that it has. */
    private final int[] loads;
    /** By member: its topics, ascending, and its seats there. */
    private final int[][] topicsOf;

    private final int[][] seatsOf;

    Seats(AssignorInput input) {
        this.input = input;
        SortedMap<String, Member> sorted = new TreeMap<>(input.members());
        memberIds = sorted.keySet().toArray(new String[0]);
        members = sorted.values().toArray(new Member[0]);
        topicIds = input.members().values().stream()
                .flatMap(member -> member.topicIds().stream())
                .distinct()
                .filter(topicId -> input.partitionCount(topicId) > 0)
                .sorted()
                .toArray(Uuid[]::new);
        loads = new int[memberIds.length];
        topicsOf = new int[memberIds.length][];
        seatsOf = new int[memberIds.length][];
        subscribers = new int[topicIds.length][];
        owners = new int[topicIds.length][];
        held = new int[topicIds.length][];
        takeSeats();
        takeWhatWasHeld();
    }

    private void takeSeats() {
        Map<Uuid, Integer> numbers = new HashMap<>();
        for (int topic = 0; topic < topicIds.length; topic++) {
            numbers.put(topicIds[topic], topic);
        }
        int[] seatCounts = new int[topicIds.length];
        for (int member = 0; member < memberIds.length; member++) {
            int[] topics = members[member].topicIds().stream()
                    .map(numbers::get)
                    .filter(topic -> topic != null)
                    .mapToInt(Integer::intValue)
                    .sorted()
                    .toArray();
            topicsOf[member] = topics;
            seatsOf[member] =
                    Arrays.stream(topics).map(topic -> seatCounts[topic]++).toArray();
        }
        for (int topic = 0; topic < topicIds.length; topic++) {
            subscribers[topic] = new int[seatCounts[topic]];
            held[topic] = new int[seatCounts[topic]];
            owners[topic] = new int[input.partitionCount(topicIds[topic])];
            Arrays.fill(owners[topic], FREE);
        }
        for (int member = 0; member < memberIds.length; member++) {
            for (int i = 0; i < topicsOf[member].length; i++) {
                subscribers[topicsOf[member][i]][seatsOf[member][i]] = member;
            }
        }
    }

    private void takeWhatWasHeld() {
        for (int member = 0; member < memberIds.length; member++) {
            PartitionSet target = members[member].target();
            for (int i = 0; i < topicsOf[member].length && !target.isEmpty(); i++) {
                int topic = topicsOf[member][i];
                int seat = seatsOf[member][i];
                for (int partition : target.partitions(topicIds[topic])) {
                    if (partition < owners[topic].length && owners[topic][partition] == FREE) {
                        owners[topic][partition] = seat;
                        change(topic, seat, 1);
                    }
                }
            }
        }
    }

    // ---- what is where

    int memberCount() {
        return memberIds.length;
    }

    int topicCount() {
        return topicIds.length;
    }

    /** Members of a topic by seat, ascending; not to be changed. */
    int[] subscribers(int topic) {
        return subscribers[topic];
    }

    /** Topics of a member, ascending; not to be changed. */
    int[] topicsOf(int member) {
        return topicsOf[member];
    }

    /** Seats of a member, as {@link #topicsOf}; not to be changed. */
    int[] seatsOf(int member) {
        return seatsOf[member];
    }

    /** How many partitions of a topic each seat has; changes with {@link #change}. */
    int[] held(int topic) {
        return held[topic];
    }

    /** How many partitions a member has of all topics. */
    int load(int member) {
        return loads[member];
    }

    int partitionCount(int topic) {
        return owners[topic].length;
    }

    /** How many seats all topics have. */
    long seatCount() {
        return Arrays.stream(subscribers).mapToLong(seats -> seats.length).sum();
    }

    /** Gives a seat more partitions of its topic, or takes some away. Which ones is for {@link #toTargets}. */
    void change(int topic, int seat, int difference) {
        held[topic][seat] += difference;
        loads[subscribers[topic][seat]] += difference;
    }

    // ---- the result

    /** Lets every seat keep what it had as far as its number allows, and divides the rest. */
    Map<String, PartitionSet> toTargets() {
        PartitionSet.Builder[] builders = new PartitionSet.Builder[memberIds.length];
        Arrays.setAll(builders, member -> new PartitionSet.Builder());
        for (int topic = 0; topic < topicIds.length; topic++) {
            giveOut(topic, builders);
        }
        Map<String, PartitionSet> targets = new HashMap<>();
        for (int member = 0; member < memberIds.length; member++) {
            targets.put(memberIds[member], builders[member].buildUnless(members[member].target()));
        }
        return targets;
    }

    private void giveOut(int topic, PartitionSet.Builder[] builders) {
        int[] room = held[topic].clone();
        int[] rest = new int[owners[topic].length];
        int restCount = 0;
        for (int partition = 0; partition < owners[topic].length; partition++) {
            int seat = owners[topic][partition];
            if (seat != FREE && room[seat] > 0) {
                room[seat]--;
                builders[subscribers[topic][seat]].add(topicIds[topic], partition);
            } else {
                rest[restCount++] = partition;
            }
        }
        int given = 0;
        for (int seat = 0; seat < room.length; seat++) {
            for (int count = room[seat]; count > 0; count--) {
                builders[subscribers[topic][seat]].add(topicIds[topic], rest[given++]);
            }
        }
    }
}
