package io.penstock.core.partition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fetches that wait until enough bytes are visible to them. Pure; owned by one partition. Tokens name the fetches and must have
 * identity equality.
 *
 * <p>Bytes are counts since the start of the partition (see {@link VisibleBytes}), separately for readers of everything below the
 * high watermark and for those that stop at the last stable offset. Bounded: the owner asks {@link #isFull} and answers at once
 * with what is there if it is.
 */
public final class FetchWaiters<T> {
    /** Hears that a fetch waits on although more has come. */
    public interface Progress<T> {
        void onMore(T token, int availableBytes);
    }

    private final int maxCount;
    private final Map<T, Parked> parked = new LinkedHashMap<>();
    private final ArrayDeque<T> ready = new ArrayDeque<>();

    public FetchWaiters(int maxCount) {
        this.maxCount = maxCount;
    }

    public boolean isFull() {
        return parked.size() >= maxCount;
    }

    public int count() {
        return parked.size();
    }

    /**
     * Lets a fetch wait.
     *
     * @param availableBytes bytes it could read now, fewer than {@code minBytes}
     * @param visibleBytes count of bytes visible to it now
     */
    public void park(T token, boolean readCommitted, int availableBytes, int minBytes, long visibleBytes) {
        parked.put(token, new Parked(readCommitted, visibleBytes - availableBytes, minBytes, visibleBytes));
    }

    /** Wakes those for which enough is visible now; {@link #pollReady} hands them out. */
    public void onVisible(long visibleBytes, long committedBytes, Progress<T> progress) {
        if (parked.isEmpty()) {
            return;
        }
        parked.entrySet().removeIf(entry -> {
            Parked fetch = entry.getValue();
            long bytes = fetch.readCommitted ? committedBytes : visibleBytes;
            if (bytes == fetch.seenBytes) {
                return false;
            }
            fetch.seenBytes = bytes;
            long available = bytes - fetch.startBytes;
            if (available >= fetch.minBytes) {
                ready.add(entry.getKey());
                return true;
            }
            progress.onMore(entry.getKey(), (int) available);
            return false;
        });
    }

    /** The next fetch that was woken, in the order of parking; null if there is none. */
    public @Nullable T pollReady() {
        return ready.poll();
    }

    /** Takes a fetch out; false if it does not wait here any more. */
    public boolean remove(T token) {
        return parked.remove(token) != null;
    }

    /** Takes all out: parked and woken ones. */
    public List<T> removeAll() {
        List<T> all = new ArrayList<>(ready);
        all.addAll(parked.keySet());
        ready.clear();
        parked.clear();
        return all;
    }

    private static final class Parked {
        final boolean readCommitted;
        /** Count of visible bytes at the fetch offset. */
        final long startBytes;

        final int minBytes;
        long seenBytes;

        Parked(boolean readCommitted, long startBytes, int minBytes, long seenBytes) {
            this.readCommitted = readCommitted;
            this.startBytes = startBytes;
            this.minBytes = minBytes;
            this.seenBytes = seenBytes;
        }
    }
}
