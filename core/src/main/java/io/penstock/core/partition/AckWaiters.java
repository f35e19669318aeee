package io.penstock.core.partition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Appends that wait for the synced offset, then for the high watermark. Those with equal needs leave in the order they came.
 *
 * <p>Pure; owned by one partition. Bounded: the owner asks {@link #isFull} before it appends.
 */
public final class AckWaiters<T> {
    private final int maxCount;
    private final PriorityQueue<Entry<T>> bySynced = new PriorityQueue<>(
            Comparator.<Entry<T>>comparingLong(e -> e.ack.syncedOffset()).thenComparingLong(e -> e.order));
    private final PriorityQueue<Entry<T>> byHighWatermark = new PriorityQueue<>(
            Comparator.<Entry<T>>comparingLong(e -> e.ack.highWatermark()).thenComparingLong(e -> e.order));
    private long nextOrder;

    public AckWaiters(int maxCount) {
        this.maxCount = maxCount;
    }

    public boolean isFull() {
        return count() >= maxCount;
    }

    public int count() {
        return bySynced.size() + byHighWatermark.size();
    }

    /** Lets an append wait. */
    public void add(PendingAck<T> ack) {
        Entry<T> entry = new Entry<>(ack, nextOrder++);
        if (ack.syncedOffset() >= 0) {
            bySynced.add(entry);
        } else {
            byHighWatermark.add(entry);
        }
    }

    /** Takes out one append whose needs are met; null if there is none. */
    public @Nullable PendingAck<T> poll(long syncedOffset, long highWatermark) {
        Entry<T> synced = bySynced.peek();
        while (synced != null && synced.ack.syncedOffset() <= syncedOffset) {
            bySynced.remove();
            byHighWatermark.add(synced);
            synced = bySynced.peek();
        }
        Entry<T> entry = byHighWatermark.peek();
        if (entry == null || entry.ack.highWatermark() > highWatermark) {
            return null;
        }
        byHighWatermark.remove();
        return entry.ack;
    }

    /** Takes out all whose deadline has come, in no order. */
    public List<PendingAck<T>> removeExpired(long nowMs) {
        List<PendingAck<T>> expired = new ArrayList<>();
        removeExpired(bySynced, nowMs, expired);
        removeExpired(byHighWatermark, nowMs, expired);
        return expired;
    }

    private static <T> void removeExpired(PriorityQueue<Entry<T>> queue, long nowMs, List<PendingAck<T>> expired) {
        queue.removeIf(entry -> {
            boolean due = entry.ack.deadlineMs() <= nowMs;
            if (due) {
                expired.add(entry.ack);
            }
            return due;
        });
    }

    /** The nearest deadline of those that wait; {@link Long#MAX_VALUE} if nobody does. */
    public long earliestDeadlineMs() {
        long earliest = Long.MAX_VALUE;
        for (Entry<T> entry : bySynced) {
            earliest = Math.min(earliest, entry.ack.deadlineMs());
        }
        for (Entry<T> entry : byHighWatermark) {
            earliest = Math.min(earliest, entry.ack.deadlineMs());
        }
        return earliest;
    }

    /** Takes out all, in no order. */
    public List<PendingAck<T>> removeAll() {
        return removeExpired(Long.MAX_VALUE);
    }

    private record Entry<T>(PendingAck<T> ack, long order) {}
}
