package io.penstock.core.group;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is to happen when. Moving a deadline later, as every heartbeat does, costs one look-up: the order is put right when the old
 * moment comes.
 *
 * <p>Owned by one shard. Times are awake milliseconds.
 *
 * @param <K> names a deadline
 * @param <C> what is to happen
 */
public final class Deadlines<K, C> {
    /** The time of what never comes. */
    public static final long NEVER = Long.MAX_VALUE;

    private final Map<K, Entry<K, C>> entries = new HashMap<>();
    private final TreeSet<Entry<K, C>> queue = new TreeSet<>(
            Comparator.<Entry<K, C>>comparingLong(entry -> entry.queuedMs).thenComparingLong(entry -> entry.number));
    private long nextNumber;

    /** A deadline. It is never looked at later than it should be: queuedMs is at most dueMs. */
    private static final class Entry<K, C> {
        final K key;
        final long number;
        C command;
        long dueMs;
        /** Its place in the queue; changes only while it is not in there. */
        long queuedMs;

        Entry(K key, long number, C command, long dueMs) {
            this.key = key;
            this.number = number;
            this.command = command;
            this.dueMs = dueMs;
            this.queuedMs = dueMs;
        }
    }

    /** Sets or moves a deadline. */
    public void set(K key, long dueMs, C command) {
        Entry<K, C> entry = entries.get(key);
        if (entry == null) {
            entry = new Entry<>(key, nextNumber++, command, dueMs);
            entries.put(key, entry);
            queue.add(entry);
            return;
        }
        entry.command = command;
        entry.dueMs = dueMs;
        if (dueMs < entry.queuedMs) {
            queue.remove(entry);
            requeue(entry);
        }
    }

    private void requeue(Entry<K, C> entry) {
        entry.queuedMs = entry.dueMs;
        queue.add(entry);
    }

    /** Forgets a deadline; an unknown one is no error. */
    public void cancel(K key) {
        Entry<K, C> entry = entries.remove(key);
        if (entry != null) {
            queue.remove(entry);
        }
    }

    /** Whether a deadline is set; one that was polled is not any more. */
    public boolean isSet(K key) {
        return entries.containsKey(key);
    }

    /** Takes a command whose deadline has come; null if there is none. */
    public @Nullable C poll(long nowMs) {
        while (nextMs() <= nowMs) {
            Entry<K, C> entry = queue.pollFirst();
            if (entry == null) {
                return null;
            }
            if (entry.dueMs <= nowMs) {
                entries.remove(entry.key);
                return entry.command;
            }
            requeue(entry);
        }
        return null;
    }

    /** When to {@link #poll} next at the latest, {@link #NEVER} if nothing is set. May be early, never late. */
    public long nextMs() {
        return queue.isEmpty() ? NEVER : queue.first().queuedMs;
    }
}
