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
 * <p>Owned by one {@link CoordinatorShard}. Times are awake milliseconds.
 */
final class Deadlines {
    static final long NEVER = Long.MAX_VALUE;

    private final Map<TimerKey, Entry> entries = new HashMap<>();
    private final TreeSet<Entry> queue = new TreeSet<>(
            Comparator.<Entry>comparingLong(entry -> entry.queuedMs).thenComparingLong(entry -> entry.number));
    private long nextNumber;

    /** A deadline. It is never looked at later than it should be: queuedMs is at most dueMs. */
    private static final class Entry {
        final TimerKey key;
        final long number;
        GroupCommand command;
        long dueMs;
        /** Its place in the queue; changes only while it is not in there. */
        long queuedMs;

        Entry(TimerKey key, long number, GroupCommand command, long dueMs) {
            this.key = key;
            this.number = number;
            this.command = command;
            this.dueMs = dueMs;
            this.queuedMs = dueMs;
        }
    }

    /** Sets or moves a deadline. */
    void set(TimerKey key, long dueMs, GroupCommand command) {
        Entry entry = entries.get(key);
        if (entry == null) {
            entry = new Entry(key, nextNumber++, command, dueMs);
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

    private void requeue(Entry entry) {
        entry.queuedMs = entry.dueMs;
        queue.add(entry);
    }

    /** Forgets a deadline; an unknown one is no error. */
    void cancel(TimerKey key) {
        Entry entry = entries.remove(key);
        if (entry != null) {
            queue.remove(entry);
        }
    }

    boolean isSet(TimerKey key) {
        return entries.containsKey(key);
    }

    /** Takes a command whose deadline has come; null if there is none. */
    @Nullable
    GroupCommand poll(long nowMs) {
        while (nextMs() <= nowMs) {
            Entry entry = queue.pollFirst();
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
    long nextMs() {
        return queue.isEmpty() ? NEVER : queue.first().queuedMs;
    }
}
