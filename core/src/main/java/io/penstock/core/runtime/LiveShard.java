package io.penstock.core.runtime;

import io.penstock.core.group.LogWrite;
import io.penstock.core.group.LoggedShard;
import io.penstock.core.group.Now;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.PartitionStatus;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link LoggedShard} with its partition: loads it, brings it questions and time, and writes its records. Knows threads only as an
 * owner's executor and timers, so it runs under a simulated clock too.
 *
 * <pre>
 * LOADING ──► READY ──► ENDED        READY ──► LOADING when a write may or may not be in the log
 * </pre>
 *
 * <p>Whoever asks while it loads waits for a moment, then is told to come back. Owned by one event loop.
 *
 * @param <S> the shard
 * @param <R> a record of its log
 */
final class LiveShard<S extends LoggedShard<R>, R> {
    private static final Logger LOGGER = LoggerFactory.getLogger(LiveShard.class);
    private static final int MAX_EARLY = 1_000;
    /** Loading is over in milliseconds as a rule, clients come back after a tenth of a second at best. */
    private static final long EARLY_WAIT_MS = 1_000;

    private static final long RELOAD_MIN_MS = 50;
    private static final long RELOAD_MAX_MS = 10_000;
    private static final short ALL_REPLICAS = -1;

    private final PartitionId partition;
    private final ShardHost host;
    private final Executor owner;
    private final Timers timers;
    private final Kind<S, R> kind;

    private State state = State.LOADING;
    private S shard;
    private int maxBatchBytes;
    private final CoordinatorBatch batch = new CoordinatorBatch();
    private boolean isWriting;
    /** Where the next record goes if nobody else writes; {@link CoordinatorLoader#UNKNOWN_END} before the first write to a new log. */
    private long endOffset = CoordinatorLoader.UNKNOWN_END;

    /** Whether the broker is about to stop, so that nobody may wait long any more. */
    private boolean isDraining;

    private @Nullable CoordinatorLoader<R> loader;
    private final ArrayDeque<CoordinatorCall<S>> early = new ArrayDeque<>();
    private long loadingSinceMs;
    private long reloadDelayMs = RELOAD_MIN_MS;

    private Timers.@Nullable Timer deadlineTimer;
    private long deadlineTimerAtMs;

    private enum State {
        LOADING,
        READY,
        ENDED
    }

    /** What is coordinated. Called by the owner only, except for decoding. */
    interface Kind<S extends LoggedShard<R>, R> extends CoordinatorLoader.Decoder<R> {
        /** What there is, in the plural and with a capital, for the log. */
        String name();

        /** A shard that knows nothing. */
        S newShard(int maxBatchBytes);

        /** The shard has been loaded and takes questions from now on; those that came early follow after this. */
        void onReady(S shard);
    }

    /**
     * A shard that knows nothing yet: {@link #start} it.
     *
     * @param maxBatchBytes largest batch that the partition takes
     */
    LiveShard(
            PartitionId partition, int maxBatchBytes, ShardHost host, Executor owner, Timers timers, Kind<S, R> kind) {
        this.partition = partition;
        this.maxBatchBytes = maxBatchBytes;
        this.host = host;
        this.owner = owner;
        this.timers = timers;
        this.kind = kind;
        this.shard = kind.newShard(maxBatchBytes);
    }

    /** The shard, as far as it is loaded. Another one takes its place when it is loaded again. */
    S shard() {
        return shard;
    }

    boolean isReady() {
        return state == State.READY;
    }

    boolean isLoading() {
        return state == State.LOADING;
    }

    boolean isEnded() {
        return state == State.ENDED;
    }

    /** Whether this is the shard that takes questions now. */
    boolean isReady(S known) {
        return known == shard && state == State.READY;
    }

    boolean isDraining() {
        return isDraining;
    }

    // ---- questions

    /** Asks; the answer comes now or later. */
    void handle(CoordinatorCall<S> call) {
        if (isDraining && call.mayWaitLong()) {
            call.refuse(Errors.NOT_COORDINATOR);
            return;
        }
        switch (state) {
            case READY -> {
                call.ask(shard, host.now());
                goOn();
            }
            case LOADING -> {
                if (early.size() < MAX_EARLY && host.clock().monotonicMs() - loadingSinceMs < EARLY_WAIT_MS) {
                    early.add(call);
                } else {
                    call.refuse(Errors.COORDINATOR_LOAD_IN_PROGRESS);
                }
            }
            case ENDED -> call.refuse(Errors.NOT_COORDINATOR);
        }
    }

    /** Tells the shard something, and goes on; whoever tells must know that it {@link #isReady}. */
    void tell(Consumer<Now> what) {
        what.accept(host.now());
        goOn();
    }

    private void refuseEarly(Errors error) {
        for (CoordinatorCall<S> call = early.poll(); call != null; call = early.poll()) {
            call.refuse(error);
        }
    }

    /** Meets deadlines, writes what there is to write, and sees to it that the next deadline is met. */
    void goOn() {
        if (state != State.READY) {
            return;
        }
        Now now = host.now();
        if (!isDraining && shard.nextDeadlineMs() <= now.awakeMs()) {
            shard.onTime(now);
        }
        if (!isWriting) {
            write(shard.nextBatch());
        }
        watch(now);
    }

    private void watch(Now now) {
        long nextMs = isDraining ? Long.MAX_VALUE : shard.nextDeadlineMs();
        if (nextMs == Long.MAX_VALUE || (deadlineTimer != null && deadlineTimerAtMs <= nextMs)) {
            return;
        }
        if (deadlineTimer != null) {
            deadlineTimer.cancel();
        }
        deadlineTimerAtMs = nextMs;
        deadlineTimer = timers.after(Math.max(1, nextMs - now.awakeMs()), () -> {
            deadlineTimer = null;
            goOn();
        });
    }

    /** Does something for many keys of the shard, for some in each turn. */
    void sweep(S known, List<String> keys, Consumer<String> work) {
        new ShardSweep(owner, keys, work, () -> isReady(known), this::goOn).run();
    }

    // ---- writing

    private void write(@Nullable LogWrite next) {
        if (next == null) {
            return;
        }
        isWriting = true;
        S writer = shard;
        host.router().append(partition, append(next), result -> onAppend(writer, result));
    }

    private AppendRequest append(LogWrite next) {
        ByteBuffer bytes = batch.of(next, host.clock().wallMs());
        return next instanceof LogWrite.End end
                ? AppendRequest.marker(bytes, end.marker().transactionVersion(), host.commitTimeoutMs())
                : new AppendRequest(bytes, ALL_REPLICAS, host.commitTimeoutMs(), Origin.COORDINATOR);
    }

    private void onAppend(S writer, AppendResult result) {
        if (!isReady(writer)) {
            return; // ended meanwhile: everybody has been told
        }
        if (result.error() != Errors.NONE) {
            // Only this coordinator writes here, so the log's end tells whether the batch is in it.
            host.router().status(partition, status -> onDoubt(writer, result, status));
            return;
        }
        isWriting = false;
        boolean isAlone = endOffset == CoordinatorLoader.UNKNOWN_END || result.baseOffset() == endOffset;
        endOffset = result.lastOffset() + 1;
        shard.onWritten(host.now());
        if (isAlone) {
            goOn();
        } else {
            reload("somebody else has written to its partition");
        }
    }

    private void onDoubt(S writer, AppendResult result, PartitionStatus status) {
        if (!isReady(writer)) {
            return;
        }
        isWriting = false;
        boolean isSurelyUnwritten = status.error() == Errors.NONE
                && endOffset != CoordinatorLoader.UNKNOWN_END
                && status.logEndOffset() == endOffset;
        if (isSurelyUnwritten) {
            shard.onUnwritten(CoordinatorErrors.ofAppend(result.error()), host.now());
            goOn();
        } else {
            reload("it is not known whether a write was done: " + result.error());
        }
    }

    // ---- loading

    /** Loads for the first time. */
    void start() {
        loadingSinceMs = host.clock().monotonicMs();
        timers.after(EARLY_WAIT_MS, this::onEarlyWaitOver);
        load();
    }

    private void onEarlyWaitOver() {
        if (state == State.LOADING) {
            refuseEarly(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        }
    }

    private void load() {
        if (state == State.ENDED) {
            return;
        }
        CoordinatorLoader<R> next =
                new CoordinatorLoader<>(partition, host, owner, kind, new CoordinatorLoader.Listener<R>() {
                    @Override
                    public void onRecord(R record) {
                        shard.replay(record);
                    }

                    @Override
                    public void onLoaded(long logEndOffset) {
                        becomeReady(logEndOffset);
                    }

                    @Override
                    public void onFailed(Errors error, String what) {
                        onLoadFailed(error, what);
                    }
                });
        loader = next;
        next.start();
    }

    private void becomeReady(long logEndOffset) {
        loader = null;
        reloadDelayMs = RELOAD_MIN_MS;
        endOffset = logEndOffset;
        shard.onMaxBatchBytes(maxBatchBytes);
        shard.onLoaded(host.now());
        state = State.READY;
        kind.onReady(shard);
        for (CoordinatorCall<S> call = early.poll(); call != null; call = early.poll()) {
            call.ask(shard, host.now());
        }
        goOn();
    }

    private void onLoadFailed(Errors error, String what) {
        LOGGER.atWarn()
                .addKeyValue("partition", partition.index())
                .addKeyValue("errorCode", error)
                .log("{} cannot be loaded from their partition: {}", kind.name(), what);
        loader = null;
        shard = kind.newShard(maxBatchBytes);
        timers.after(reloadDelayMs, this::load);
        reloadDelayMs = Math.min(RELOAD_MAX_MS, 2 * reloadDelayMs);
    }

    private void reload(String reason) {
        LOGGER.atWarn()
                .addKeyValue("partition", partition.index())
                .log("{} are loaded again because {}", kind.name(), reason);
        shard.onUnloaded();
        shard = kind.newShard(maxBatchBytes);
        isWriting = false;
        state = State.LOADING;
        loadingSinceMs = host.clock().monotonicMs();
        timers.after(EARLY_WAIT_MS, this::onEarlyWaitOver);
        timers.after(reloadDelayMs, this::load);
        reloadDelayMs = Math.min(RELOAD_MAX_MS, 2 * reloadDelayMs);
    }

    // ---- upkeep

    /** The partition takes batches of another size from now on. */
    void onMaxBatchBytes(int bytes) {
        maxBatchBytes = bytes;
        shard.onMaxBatchBytes(bytes);
    }

    /**
     * The broker is about to stop: whoever would have to wait long from now on is told to look for another coordinator. Everything
     * else goes on, except deadlines: nobody is taken for lost meanwhile.
     *
     * @return whether this is the first call
     */
    boolean drain() {
        if (isDraining) {
            return false;
        }
        isDraining = true;
        refuseEarly(Errors.NOT_COORDINATOR);
        return true;
    }

    /**
     * Ends it: everybody who waits is told to look for another coordinator.
     *
     * @return whether this is the first call
     */
    boolean end() {
        if (state == State.ENDED) {
            return false;
        }
        state = State.ENDED;
        if (loader != null) {
            loader.cancel();
        }
        if (deadlineTimer != null) {
            deadlineTimer.cancel();
        }
        refuseEarly(Errors.NOT_COORDINATOR);
        shard.onUnloaded();
        return true;
    }
}
