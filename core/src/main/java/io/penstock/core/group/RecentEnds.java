package io.penstock.core.group;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which producers' transactions have ended lately, so that leave to write that was given before is known to be void. Remembers the
 * last {@value #MAX_REMEMBERED}. Owned by one {@link CoordinatorShard}.
 */
final class RecentEnds {
    static final int MAX_REMEMBERED = 10_000;

    /** The number of the last end of each producer, oldest first. */
    private final LinkedHashMap<Long, Long> numbers = new LinkedHashMap<>();

    private long count;
    private long forgottenCount;

    void add(long producerId) {
        numbers.remove(producerId);
        numbers.put(producerId, ++count);
        if (numbers.size() > MAX_REMEMBERED) {
            Map.Entry<Long, Long> oldest = numbers.entrySet().iterator().next();
            forgottenCount = oldest.getValue();
            numbers.remove(oldest.getKey());
        }
    }

    /** Ends so far. */
    long count() {
        return count;
    }

    /** Whether a transaction of the producer has ended when {@link #count} was already above that. */
    boolean hasEndedSince(long producerId, long earlierCount) {
        return numbers.getOrDefault(producerId, 0L) > earlierCount;
    }

    /** Whether too many have ended since then for {@link #hasEndedSince} to know. */
    boolean isTooLongAgo(long earlierCount) {
        return earlierCount < forgottenCount;
    }
}
