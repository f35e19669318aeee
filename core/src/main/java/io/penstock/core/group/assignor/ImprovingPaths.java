package io.penstock.core.group.assignor;

import java.util.Arrays;

/**
 * Moves partitions from members to others with at least two fewer, also by way of members in between: A hands one of a topic on to B, B one
 * of another topic to C. When no such path is left, no assignment is more even (an optimal semi-matching: Harvey, Ladner, Lovász, Tamir,
 * 2003). Shortest paths first, so that little moves. Owned by one assignment.
 *
 * <p>Members that cannot improve, and all whom they can reach, are settled: no path of another member that has no more gains by them.
 */
final class ImprovingPaths {
    /** Most subscriptions and members looked at; what could be gained beyond that stays as it is. */
    private static final long MAX_VISITS = 2_000_000;

    private static final int NOBODY = -1;

    private final Seats seats;
    private final boolean[] isSettled;
    private long visits;

    // ---- one search

    private final int[] reached;
    private int reachedCount;
    /** By member: from whom it was reached, by way of which topic. */
    private final int[] from;

    private final int[] by;
    /** By member: the seats in that topic of the one it was reached from, and its own. */
    private final int[] fromSeat;

    private final int[] ownSeat;
    private final boolean[] isReached;
    private final boolean[] isSearched;

    ImprovingPaths(Seats seats) {
        this.seats = seats;
        int memberCount = seats.memberCount();
        isSettled = new boolean[memberCount];
        reached = new int[memberCount];
        from = new int[memberCount];
        by = new int[memberCount];
        fromSeat = new int[memberCount];
        ownSeat = new int[memberCount];
        isReached = new boolean[memberCount];
        isSearched = new boolean[seats.topicCount()];
    }

    void follow() {
        for (int start = fullest(); start != NOBODY && visits < MAX_VISITS; start = fullest()) {
            int end = search(start);
            if (end == NOBODY) {
                settleReached();
            } else {
                shift(start, end);
            }
        }
    }

    private int fullest() {
        int fullest = NOBODY;
        for (int member = 0; member < isSettled.length; member++) {
            if (!isSettled[member] && (fullest == NOBODY || seats.load(member) > seats.load(fullest))) {
                fullest = member;
            }
        }
        visits += isSettled.length;
        return fullest;
    }

    /** Somebody to whom a path leads and who has at least two fewer, or {@link #NOBODY}. */
    private int search(int start) {
        Arrays.fill(isReached, false);
        Arrays.fill(isSearched, false);
        reachedCount = 0;
        reach(start);
        for (int i = 0; i < reachedCount; i++) {
            int end = searchFrom(reached[i], seats.load(start) - 2);
            if (end != NOBODY) {
                return end;
            }
        }
        return NOBODY;
    }

    private int searchFrom(int member, int maxLoad) {
        int[] topics = seats.topicsOf(member);
        int[] itsSeats = seats.seatsOf(member);
        for (int i = 0; i < topics.length; i++) {
            if (!isSearched[topics[i]] && seats.held(topics[i])[itsSeats[i]] > 0) {
                isSearched[topics[i]] = true;
                int end = searchTopic(topics[i], member, itsSeats[i], maxLoad);
                if (end != NOBODY) {
                    return end;
                }
            }
        }
        visits += topics.length;
        return NOBODY;
    }

    private int searchTopic(int topic, int holder, int holderSeat, int maxLoad) {
        int[] subscribers = seats.subscribers(topic);
        visits += subscribers.length;
        for (int seat = 0; seat < subscribers.length; seat++) {
            int member = subscribers[seat];
            if (!isReached[member] && !isSettled[member]) {
                reach(member);
                from[member] = holder;
                by[member] = topic;
                fromSeat[member] = holderSeat;
                ownSeat[member] = seat;
                if (seats.load(member) <= maxLoad) {
                    return member;
                }
            }
        }
        return NOBODY;
    }

    private void reach(int member) {
        isReached[member] = true;
        reached[reachedCount++] = member;
    }

    private void settleReached() {
        for (int i = 0; i < reachedCount; i++) {
            isSettled[reached[i]] = true;
        }
    }

    private void shift(int start, int end) {
        for (int member = end; member != start; member = from[member]) {
            seats.change(by[member], fromSeat[member], -1);
            seats.change(by[member], ownSeat[member], 1);
        }
    }
}
