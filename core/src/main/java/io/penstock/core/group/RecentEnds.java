package io.penstock.core.group;

import io.penstock.core.group.record.TransactionProducer;
import io.penstock.core.transaction.TransactionMarker;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which producers' transactions have ended lately, so that leave to write that was given before is known to be void. Remembers the
 * last {@value #MAX_REMEMBERED}. Owned by one {@link CoordinatorShard}.
 */
final class RecentEnds {
    static final int MAX_REMEMBERED = 10_000;

    /** From this version on (KIP-890) each transaction has an epoch of its own, and its end already tells the next one. */
    private static final int EPOCH_PER_TRANSACTION = 2;

    /** The last end of each producer, oldest first. */
    private final LinkedHashMap<Long, End> ends = new LinkedHashMap<>();

    private long count;
    private long forgottenCount;

    /**
     * An end of a transaction.
     *
     * @param number how many there were with it
     * @param nextEpoch transactions of lower epochs of the producer are over
     */
    private record End(long number, int nextEpoch) {}

    void add(TransactionMarker marker) {
        boolean tellsNext = marker.transactionVersion() >= EPOCH_PER_TRANSACTION;
        int nextEpoch = tellsNext ? marker.producerEpoch() : marker.producerEpoch() + 1;
        ends.remove(marker.producerId());
        ends.put(marker.producerId(), new End(++count, nextEpoch));
        if (ends.size() > MAX_REMEMBERED) {
            Map.Entry<Long, End> oldest = ends.entrySet().iterator().next();
            forgottenCount = oldest.getValue().number;
            ends.remove(oldest.getKey());
        }
    }

    /** Ends so far. */
    long count() {
        return count;
    }

    /**
     * Whether the producer's transaction has ended when {@link #count} was already above that. The end of the one before does not count:
     * a client may begin the next as soon as the end is decided, before the marker is here.
     */
    boolean hasEndedSince(TransactionProducer producer, long earlierCount) {
        End last = ends.get(producer.id());
        return last != null && last.number > earlierCount && producer.epoch() < last.nextEpoch;
    }

    /** Whether too many have ended since then for {@link #hasEndedSince} to know. */
    boolean isTooLongAgo(long earlierCount) {
        return earlierCount < forgottenCount;
    }
}
