package io.penstock.net.handler.fetch;

import io.penstock.core.PartitionRouter;
import io.penstock.core.partition.FetchListener;
import io.penstock.core.partition.FetchResult;
import java.util.List;

/**
 * One fetch request on its way through its partitions. Owned by the connection's event loop.
 *
 * <p>Partitions are asked in serving order, in waves: a wave ends when what its partitions may return adds up to the bytes that are
 * still wanted. Sparse waves make the next one larger, so that a thousand idle partitions take ten waves, not a thousand.
 * Each partition either answers at once or waits inside its verticle and says how many bytes it has.
 *
 * <p>The exchange closes on enough bytes (found and waiting ones together), on the first error, or at the max wait. Then waiting
 * partitions are told to answer, and those not asked yet are asked without waiting, as long as there is room; after that only for
 * their offsets. When the session tolerates gaps, partitions without news are left out instead, so that the answer leaves in the
 * turn in which the records came.
 *
 * <p>The first partition with records keeps them whatever their size; of the others only what fits is kept, the rest is released unread.
 */
final class FetchExchange {
    private static final int MAX_WAVE_GROWTH = 1 << 12;

    private final PartitionRouter router;
    private final List<FetchTarget> targets;
    private final FetchLimits limits;
    private final boolean readCommitted;
    private final boolean toleratesGaps;
    private final WaitTimer timer;
    private final Runnable whenDone;

    private int next;
    private int unsettled;
    private int waiting;
    private long foundBytes;
    private long availableBytes;
    private long plannedBytes;
    private long bytesBeforeWave;
    private int waveGrowth = 1;
    private boolean urgent;
    private boolean closing;
    private boolean busy;
    private boolean finished;
    private Runnable cancelTimer = () -> {};
    private boolean timed;

    /**
     * @param targets in serving order
     * @param toleratesGaps whether targets may end up without a result
     * @param whenDone runs once on this event loop, after which the targets hold their results; their owner must release the records
     */
    FetchExchange(
            PartitionRouter router,
            List<FetchTarget> targets,
            FetchLimits limits,
            boolean readCommitted,
            boolean toleratesGaps,
            WaitTimer timer,
            Runnable whenDone) {
        this.router = router;
        this.targets = targets;
        this.limits = limits;
        this.readCommitted = readCommitted;
        this.toleratesGaps = toleratesGaps;
        this.timer = timer;
        this.whenDone = whenDone;
    }

    void start() {
        proceed();
    }

    /** The client is gone: stops waiting and releases everything. {@code whenDone} does not run any more. */
    void cancel() {
        if (finished) {
            return;
        }
        finished = true;
        cancelTimer.run();
        targets.forEach(target -> {
            if (target.state() == FetchTarget.State.ANSWERED) {
                target.dropRecords();
            } else {
                target.wake();
            }
        });
    }

    /** Takes the next step that the state allows. Not re-entrant: calls from within a step are picked up at its end. */
    private void proceed() {
        if (busy || finished) {
            return;
        }
        if (!closing && next > 0 && isSatisfied()) {
            close(toleratesGaps);
        }
        if (unsettled > 0 || (closing && waiting > 0)) {
            return;
        }
        if (hasMoreToAsk()) {
            askWave();
            proceed();
        } else if (closing || waiting == 0) {
            finish();
        } else {
            startTimer();
        }
    }

    private boolean isSatisfied() {
        return urgent || !limits.canWait() || foundBytes + availableBytes >= limits.minBytes();
    }

    private boolean hasMoreToAsk() {
        return next < targets.size() && !(closing && toleratesGaps && roomBytes() == 0);
    }

    private int roomBytes() {
        return (int) Math.max(0, limits.maxBytes() - foundBytes);
    }

    private void askWave() {
        busy = true;
        int room = roomBytes();
        growWaveIfSparse();
        long waveBytes = (long) room * waveGrowth;
        plannedBytes = 0;
        do {
            FetchTarget target = targets.get(next++);
            int maxBytes = Math.min(target.maxBytes(), room);
            plannedBytes += maxBytes;
            ask(target, maxBytes);
        } while (next < targets.size() && (plannedBytes < waveBytes || room == 0));
        busy = false;
    }

    private void growWaveIfSparse() {
        long bytes = foundBytes + availableBytes;
        boolean sparse = next > 0 && (bytes - bytesBeforeWave) * 2 < plannedBytes;
        waveGrowth = sparse ? Math.min(waveGrowth * 2, MAX_WAVE_GROWTH) : 1;
        bytesBeforeWave = bytes;
    }

    private void ask(FetchTarget target, int maxBytes) {
        unsettled++;
        int minBytes = !closing && limits.canWait() ? limits.minBytes() : 0;
        target.ask(router, maxBytes, foundBytes == 0, readCommitted, minBytes, new Listener(target));
    }

    private void close(boolean abandonIdle) {
        closing = true;
        busy = true;
        for (int i = 0; i < next; i++) {
            FetchTarget target = targets.get(i);
            if (target.state() == FetchTarget.State.WAITING) {
                endWaiting(target, abandonIdle);
            }
        }
        busy = false;
    }

    private void endWaiting(FetchTarget target, boolean abandonIdle) {
        if (abandonIdle && target.availableBytes() == 0) {
            waiting--;
            target.abandon();
        } else {
            target.wake();
        }
    }

    private void startTimer() {
        if (!timed) {
            timed = true;
            cancelTimer = timer.start(limits.maxWaitMs(), this::onMaxWait);
        }
    }

    private void onMaxWait() {
        if (!finished && !closing) {
            close(false);
            proceed();
        }
    }

    private void onWaiting(FetchTarget target, int nowAvailableBytes) {
        boolean first = target.state() == FetchTarget.State.ASKED;
        if (!first && target.state() != FetchTarget.State.WAITING) {
            return;
        }
        availableBytes += nowAvailableBytes - target.availableBytes();
        target.onWaiting(nowAvailableBytes);
        if (first) {
            unsettled--;
            waiting++;
        }
        if (first && closing) {
            endWaiting(target, toleratesGaps);
        }
        proceed();
    }

    private void onResult(FetchTarget target, FetchResult result) {
        if (finished || target.state() == FetchTarget.State.ABANDONED) {
            result.records().release();
            return;
        }
        if (target.state() == FetchTarget.State.WAITING) {
            waiting--;
            availableBytes -= target.availableBytes();
        } else {
            unsettled--;
        }
        target.onResult(result);
        foundBytes += target.resultBytes();
        urgent |= FetchTarget.isUrgent(result);
        proceed();
    }

    private void finish() {
        finished = true;
        cancelTimer.run();
        dropWhatDoesNotFit();
        whenDone.run();
    }

    private void dropWhatDoesNotFit() {
        long room = limits.maxBytes();
        boolean first = true;
        for (FetchTarget target : targets) {
            int bytes = target.resultBytes();
            if (bytes > 0 && !first && bytes > room) {
                target.dropRecords();
            } else if (bytes > 0) {
                room -= bytes;
                first = false;
            }
        }
    }

    /** Passes on what one partition says. */
    private final class Listener implements FetchListener {
        private final FetchTarget target;

        Listener(FetchTarget target) {
            this.target = target;
        }

        @Override
        public void onWaiting(int nowAvailableBytes) {
            FetchExchange.this.onWaiting(target, nowAvailableBytes);
        }

        @Override
        public void onResult(FetchResult result) {
            FetchExchange.this.onResult(target, result);
        }
    }
}
