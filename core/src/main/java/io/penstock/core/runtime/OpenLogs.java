package io.penstock.core.runtime;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which partitions have their logs open, to keep files, mappings and memory in bounds: closes the least recently used ones above
 * the limit, and those that nobody has used for long. The limit is soft: logs in use stay open.
 *
 * <p>Safe from any thread: a concurrent set; partitions are asked on their owners.
 */
final class OpenLogs {
    /** Never close what was in use this recently, however many are open. */
    private static final long MIN_IDLE_MS = 2_000;

    private final PartitionLimits limits;
    private final PartitionMetrics metrics;
    private final Set<LivePartition> open = ConcurrentHashMap.newKeySet();
    private final Turnstile opening;

    OpenLogs(PartitionLimits limits, PartitionMetrics metrics) {
        this.limits = limits;
        this.metrics = metrics;
        this.opening = new Turnstile(limits.maxConcurrentOpens());
    }

    /** Bounds the opens under way. */
    Turnstile opening() {
        return opening;
    }

    void onOpen(LivePartition partition) {
        open.add(partition);
        metrics.onLogOpen(open.size());
    }

    void onClosed(LivePartition partition) {
        open.remove(partition);
        metrics.onLogOpen(open.size());
    }

    int count() {
        return open.size();
    }

    /** Partitions whose logs are open now. */
    List<LivePartition> all() {
        return List.copyOf(open);
    }

    /** Asks partitions to close their logs. Call it every few seconds. */
    void sweep(long nowMs) {
        int tooMany = open.size() - limits.maxOpenLogs();
        if (tooMany > 0) {
            leastRecentlyUsed(nowMs, tooMany).forEach(LivePartition::askToClose);
        }
        for (LivePartition partition : open) {
            if (nowMs - partition.lastUsedMs() >= limits.idleCloseMs()) {
                partition.askToClose();
            }
        }
    }

    private List<LivePartition> leastRecentlyUsed(long nowMs, int count) {
        return open.stream()
                .filter(partition -> nowMs - partition.lastUsedMs() >= MIN_IDLE_MS)
                .sorted(Comparator.comparingLong(LivePartition::lastUsedMs))
                .limit(count)
                .toList();
    }
}
