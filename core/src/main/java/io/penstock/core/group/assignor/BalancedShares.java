package io.penstock.core.group.assignor;

import io.penstock.core.group.record.PartitionSet;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Shares of members that subscribe to different topics. Only numbers of partitions are moved around; which ones these are is decided in
 * the end, so that what goes to and fro has not moved at all. Stateless.
 *
 * <ol>
 *   <li>What nobody has goes to the subscribers with the least, topic by topic and again until that changes nothing; topics with few
 *       subscribers first.
 *   <li>In the same way, all partitions of a topic are divided anew, so that its subscribers come as near to each other as they can.
 *   <li>{@link ImprovingPaths} finds what is still to be gained over several topics.
 * </ol>
 *
 * <p>The first two steps look at no more than {@link #MAX_SEATS_VISITED} subscriptions each, the third at as many as its own bound;
 * each is a few nanoseconds. So the time is bounded beside what it takes to read the input.
 */
final class BalancedShares {
    private static final int MAX_PASSES = 16;
    private static final long MAX_SEATS_VISITED = 500_000;

    private BalancedShares() {}

    static Map<String, PartitionSet> assign(AssignorInput input) {
        Seats seats = new Seats(input);
        int[] topics = IntStream.range(0, seats.topicCount())
                .boxed()
                .sorted(Comparator.comparingInt(topic -> seats.subscribers(topic).length))
                .mapToInt(Integer::intValue)
                .toArray();
        int[][] heldBefore = IntStream.range(0, seats.topicCount())
                .mapToObj(topic -> seats.held(topic).clone())
                .toArray(int[][]::new);
        int[][] nothing = IntStream.range(0, seats.topicCount())
                .mapToObj(topic -> new int[seats.subscribers(topic).length])
                .toArray(int[][]::new);
        level(seats, topics, heldBefore);
        level(seats, topics, nothing);
        new ImprovingPaths(seats).follow();
        return seats.toTargets();
    }

    private static void level(Seats seats, int[] topics, int[][] kept) {
        long passes = Math.max(1, Math.min(MAX_PASSES, MAX_SEATS_VISITED / Math.max(1, seats.seatCount())));
        boolean isChanged = true;
        for (long pass = 0; isChanged && pass < passes; pass++) {
            isChanged = false;
            for (int topic : topics) {
                isChanged |= level(seats, topic, kept[topic]);
            }
        }
    }

    /**
     * Divides a topic anew, with what its subscribers have of other topics as it is.
     *
     * @param kept by seat: what it keeps in any case
     */
    private static boolean level(Seats seats, int topic, int[] kept) {
        int[] subscribers = seats.subscribers(topic);
        int[] held = seats.held(topic);
        int[] levels = new int[subscribers.length];
        int[] extra = new int[subscribers.length];
        int count = seats.partitionCount(topic);
        for (int seat = 0; seat < levels.length; seat++) {
            extra[seat] = held[seat] - kept[seat];
            levels[seat] = seats.load(subscribers[seat]) - extra[seat];
            count -= kept[seat];
        }
        int[] shares = WaterLevel.pour(levels, count, extra);
        boolean isChanged = false;
        for (int seat = 0; seat < shares.length; seat++) {
            isChanged |= shares[seat] != extra[seat];
            seats.change(topic, seat, shares[seat] - extra[seat]);
        }
        return isChanged;
    }
}
