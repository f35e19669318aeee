package io.penstock.core.runtime;

import io.penstock.storage.compact.Cleanable;
import io.penstock.storage.compact.CompactionBudget;
import io.penstock.storage.compact.CompactionReport;
import io.penstock.storage.compact.CompactionReport.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all open logs in turns, and has the dirtiest of those that are due compacted, so many at a time; as Kafka's cleaner threads
 * do. After a look that found nothing it waits for {@code log.cleaner.backoff.ms}, after a run it looks again at once.
 *
 * <p>Owned by one executor, the fleet's; partitions are asked on their owners.
 */
final class CleanerRound {
    /** A small {@code log.cleaner.backoff.ms} means something, a large one wakes nobody up often. */
    static final long MIN_TICK_MS = 50;

    static final long MAX_TICK_MS = 1_000;

    private final OpenLogs openLogs;
    private final Supplier<CleanerSettings> settings;
    private final Executor owner;
    private final Executor workers;
    private final Clock clock;
    private final PartitionMetrics metrics;
    private final CleanerThrottle throttle;

    private int running;
    private boolean looking;
    private long notBeforeMs;
    private CleanerFigures figures = CleanerFigures.NONE;

    /** @param workers run compactions; {@link CleanerSettings#threads} of them at once */
    CleanerRound(
            OpenLogs openLogs,
            Supplier<CleanerSettings> settings,
            Executor owner,
            Executor workers,
            Clock clock,
            PartitionMetrics metrics) {
        this.openLogs = openLogs;
        this.settings = settings;
        this.owner = owner;
        this.workers = workers;
        this.clock = clock;
        this.metrics = metrics;
        this.throttle = new CleanerThrottle(() -> settings.get().maxBytesPerSecond(), clock);
        this.notBeforeMs = clock.monotonicMs();
    }

    /** How long from now the next {@link #tick} is to come, in milliseconds. */
    long nextTickMs() {
        return Math.max(MIN_TICK_MS, Math.min(settings.get().backoffMs(), MAX_TICK_MS));
    }

    /** Looks, if it is time to. */
    void tick() {
        CleanerSettings now = settings.get();
        boolean due = clock.monotonicMs() - notBeforeMs >= 0;
        if (now.enabled() && due && !looking && running < now.threads()) {
            looking = true;
            look(openLogs.all());
        }
    }

    private void look(List<LivePartition> partitions) {
        List<LogCleaning.Answer> answers = new ArrayList<>();
        if (partitions.isEmpty()) {
            onLooked(answers);
            return;
        }
        int[] left = {partitions.size()};
        for (LivePartition partition : partitions) {
            partition
                    .owner()
                    .execute(() -> ask(
                            partition,
                            answer -> owner.execute(() -> {
                                if (answer != null) {
                                    answers.add(answer);
                                }
                                if (--left[0] == 0) {
                                    onLooked(answers);
                                }
                            })));
        }
    }

    /** Whatever goes wrong in a partition, it answers: the round waits for all of them. */
    private static void ask(LivePartition partition, Consumer<LogCleaning.@Nullable Answer> answer) {
        try {
            partition.cleaning().look(answer);
        } catch (RuntimeException e) {
            partition.onBug("compaction", e);
            answer.accept(null);
        }
    }

    private void onLooked(List<LogCleaning.Answer> answers) {
        looking = false;
        note(answers);
        CleanerSettings now = settings.get();
        List<LogCleaning.Answer> chosen = choose(answers, now.threads() - running);
        if (chosen.isEmpty()) {
            notBeforeMs = clock.monotonicMs() + now.backoffMs();
        }
        chosen.forEach(answer -> clean(answer.partition(), now));
    }

    /** The dirtiest of those that are due and can be compacted, dirtiest first. */
    static List<LogCleaning.Answer> choose(List<LogCleaning.Answer> answers, int most) {
        return answers.stream()
                .filter(answer -> answer.cleanable().isDue() && !answer.isUncleanable())
                .sorted(Comparator.comparingDouble((LogCleaning.Answer answer) ->
                                answer.cleanable().dirtyRatio())
                        .reversed())
                .limit(Math.max(0, most))
                .toList();
    }

    private void clean(LivePartition partition, CleanerSettings now) {
        running++;
        long startMs = clock.monotonicMs();
        CompactionBudget budget =
                new CompactionBudget(workers, now.tableBytes() / Math.max(1, now.threads()), now.tableLoad(), throttle);
        partition
                .owner()
                .execute(() -> partition
                        .cleaning()
                        .clean(
                                budget,
                                report -> owner.execute(() -> onCleaned(report, clock.monotonicMs() - startMs))));
    }

    private void onCleaned(@Nullable CompactionReport report, long elapsedMs) {
        running--;
        boolean advanced = report != null && (report.outcome() == Outcome.DONE || report.outcome() == Outcome.PARTLY);
        // A log that could not be compacted now will be due again at once: not in a tight loop.
        notBeforeMs = clock.monotonicMs() + (advanced ? 0 : settings.get().backoffMs());
        if (report != null && advanced) {
            figures = new CleanerFigures(
                    figures.maxDirtyPercent(),
                    figures.uncleanablePartitions(),
                    figures.uncleanableBytes(),
                    figures.maxOverdueSeconds(),
                    figures.lastRunMs(),
                    report.tablePercent(),
                    100.0 * report.bytesWritten() / Math.max(1, report.bytesRead()),
                    elapsedMs / 1000.0,
                    figures.runs() + 1);
            metrics.onCleaner(figures);
        }
        tick();
    }

    private void note(List<LogCleaning.Answer> answers) {
        double maxDirty = 0;
        long maxOverdueMs = 0;
        int uncleanable = 0;
        long uncleanableBytes = 0;
        for (LogCleaning.Answer answer : answers) {
            Cleanable cleanable = answer.cleanable();
            if (answer.isUncleanable()) {
                uncleanable++;
                uncleanableBytes += cleanable.dirtyBytes();
            } else {
                maxDirty = Math.max(maxDirty, cleanable.dirtyRatio());
                maxOverdueMs = Math.max(maxOverdueMs, cleanable.overdueMs());
            }
        }
        figures = new CleanerFigures(
                100 * maxDirty,
                uncleanable,
                uncleanableBytes,
                (double) maxOverdueMs / TimeUnit.SECONDS.toMillis(1),
                clock.wallMs(),
                figures.lastTablePercent(),
                figures.lastRecopyPercent(),
                figures.lastSeconds(),
                figures.runs());
        metrics.onCleaner(figures);
    }
}
