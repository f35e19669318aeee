package io.penstock.core.runtime;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Visits all partitions in turn to delete old segments: those with open logs once in an interval, evenly spread; those with
 * closed logs more rarely and one at a time, because each costs an open.
 *
 * <p>Owned by the fleet's timer; partitions are visited on their owners.
 */
final class RetentionRound {
    private final Collection<HostedPartition> partitions;
    private final PartitionLimits limits;
    private final long tickMs;

    private final ArrayDeque<HostedPartition> openRound = new ArrayDeque<>();
    private final ArrayDeque<HostedPartition> closedRound = new ArrayDeque<>();
    private double openDue;
    private double closedDue;
    private final AtomicBoolean isVisitingClosed = new AtomicBoolean();

    RetentionRound(Collection<HostedPartition> partitions, PartitionLimits limits, long tickMs) {
        this.partitions = partitions;
        this.limits = limits;
        this.tickMs = tickMs;
    }

    /** Makes the visits that are due since the last tick. */
    void tick() {
        int count = Math.max(1, partitions.size());
        openDue = Math.min(count, openDue + (double) count * tickMs / limits.retentionIntervalMs());
        while (openDue >= 1) {
            openDue--;
            visitOpen(next(openRound));
        }
        closedDue = Math.min(1, closedDue + (double) count * tickMs / limits.closedRetentionIntervalMs());
        if (closedDue >= 1 && isVisitingClosed.compareAndSet(false, true)) {
            closedDue = 0;
            visitClosed(next(closedRound));
        }
    }

    private @Nullable HostedPartition next(ArrayDeque<HostedPartition> round) {
        if (round.isEmpty()) {
            round.addAll(partitions);
        }
        return round.poll();
    }

    private void visitOpen(@Nullable HostedPartition hosted) {
        if (hosted != null && hosted.slot().isOpen()) {
            hosted.verticle().run(partition -> partition.retain(() -> {}));
        }
    }

    private void visitClosed(@Nullable HostedPartition hosted) {
        if (hosted == null || !hosted.slot().isOpen()) {
            isVisitingClosed.set(false);
        } else {
            hosted.verticle().run(partition -> partition.retainClosed(() -> isVisitingClosed.set(false)));
        }
    }
}
