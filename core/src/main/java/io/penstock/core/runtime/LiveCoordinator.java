package io.penstock.core.runtime;

import io.penstock.core.group.CoordinatorShard;
import io.penstock.core.group.GroupCommand;
import io.penstock.core.group.GroupCommands;
import io.penstock.core.group.GroupSurroundings;
import io.penstock.core.group.Now;
import io.penstock.core.group.consumer.TopicCatalog;
import io.penstock.core.group.record.EncodedRecord;
import io.penstock.core.group.record.GroupRecord;
import io.penstock.core.metadata.MetadataImage.DeletedTopic;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.PartitionStatus;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A coordinator with its partition: loads the {@link CoordinatorShard}, brings it questions and time, and writes its records. Knows
 * threads only as an owner's executor and timers, so it runs under a simulated clock too.
 *
 * <pre>
 * LOADING ──► READY ──► ENDED        READY ──► LOADING when a write may or may not be in the log
 * </pre>
 *
 * <p>Whoever asks while it loads waits for a moment, then is told to come back. Owned by one event loop.
 */
final class LiveCoordinator {
    private static final Logger LOGGER = LoggerFactory.getLogger(LiveCoordinator.class);
    private static final int MAX_EARLY = 1_000;
    /** Loading is over in milliseconds as a rule, clients come back after a tenth of a second at best. */
    private static final long EARLY_WAIT_MS = 1_000;

    private static final long RELOAD_MIN_MS = 50;
    private static final long RELOAD_MAX_MS = 10_000;
    private static final short ALL_REPLICAS = -1;

    private final PartitionId partition;
    private final CoordinatorHost host;
    private final Executor owner;
    private final Timers timers;
    private final Consumer<CoordinatorShard> onLoaded;

    private State state = State.LOADING;
    private CoordinatorShard shard;
    private int maxBatchBytes;
    private TopicCatalog topics;
    private final PatternSearches patterns;
    private final CoordinatorBatch batch = new CoordinatorBatch();
    private boolean isWriting;
    /** Where the next record goes if nobody else writes; {@link CoordinatorLoader#UNKNOWN_END} before the first write to a new log. */
    private long endOffset = CoordinatorLoader.UNKNOWN_END;

    /** Whether the broker is about to stop, so that nobody may wait long any more. */
    private boolean isDraining;

    private @Nullable CoordinatorLoader loader;
    private final ArrayDeque<CoordinatorCall> early = new ArrayDeque<>();
    private final Set<DeletedTopic> deletedWhileLoading = new HashSet<>();
    private long loadingSinceMs;
    private long reloadDelayMs = RELOAD_MIN_MS;

    private Timers.@Nullable Timer deadlineTimer;
    private long deadlineTimerAtMs;

    private enum State {
        LOADING,
        READY,
        ENDED
    }

    /**
     * A coordinator that knows nothing yet: {@link #start} it.
     *
     * @param maxBatchBytes largest batch that the partition takes
     * @param topics the cluster's topics now
     * @param onLoaded hears when the shard is ready, each time that it was loaded
     */
    LiveCoordinator(
            PartitionId partition,
            int maxBatchBytes,
            TopicCatalog topics,
            CoordinatorHost host,
            Executor owner,
            Timers timers,
            Consumer<CoordinatorShard> onLoaded) {
        this.partition = partition;
        this.maxBatchBytes = maxBatchBytes;
        this.topics = topics;
        this.host = host;
        this.owner = owner;
        this.timers = timers;
        this.onLoaded = onLoaded;
        this.patterns = new PatternSearches(host.workers(), owner, host.clock(), this::onSearchEnded);
        this.shard = newShard();
    }

    private CoordinatorShard newShard() {
        CoordinatorShard fresh = new CoordinatorShard(
                host.settings(), host.memberIds(), maxBatchBytes, new GroupSurroundings(host.groupConfigs(), patterns));
        fresh.onTopics(topics, true);
        return fresh;
    }

    // ---- questions

    /** Asks; the answer comes now or later. */
    void handle(CoordinatorCall call) {
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

    /** What was asked before a reload is forgotten with the groups that asked. */
    private void onSearchEnded(GroupCommand outcome) {
        if (state == State.READY) {
            shard.submit(outcome, host.now());
            goOn();
        }
    }

    private void refuseEarly(Errors error) {
        for (CoordinatorCall call = early.poll(); call != null; call = early.poll()) {
            call.refuse(error);
        }
    }

    /** Meets deadlines, writes what there is to write, and sees to it that the next deadline is met. */
    private void goOn() {
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

    // ---- writing

    private void write(List<EncodedRecord> records) {
        if (records.isEmpty()) {
            return;
        }
        isWriting = true;
        CoordinatorShard writer = shard;
        AppendRequest request = new AppendRequest(
                batch.of(records, host.clock().wallMs()), ALL_REPLICAS, host.commitTimeoutMs(), Origin.COORDINATOR);
        host.router().append(partition, request, result -> onAppend(writer, result));
    }

    private void onAppend(CoordinatorShard writer, AppendResult result) {
        if (writer != shard || state != State.READY) {
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

    private void onDoubt(CoordinatorShard writer, AppendResult result, PartitionStatus status) {
        if (writer != shard || state != State.READY) {
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
        scheduleExpiry();
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
        CoordinatorLoader next = new CoordinatorLoader(partition, host, owner, new CoordinatorLoader.Listener() {
            @Override
            public void onRecord(GroupRecord record) {
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
        onLoaded.accept(shard);
        forgetDeletedTopics();
        for (CoordinatorCall call = early.poll(); call != null; call = early.poll()) {
            call.ask(shard, host.now());
        }
        goOn();
    }

    private void onLoadFailed(Errors error, String what) {
        LOGGER.atWarn()
                .addKeyValue("partition", partition.index())
                .addKeyValue("errorCode", error)
                .log("Groups cannot be loaded from their partition: {}", what);
        loader = null;
        shard = newShard();
        timers.after(reloadDelayMs, this::load);
        reloadDelayMs = Math.min(RELOAD_MAX_MS, 2 * reloadDelayMs);
    }

    private void reload(String reason) {
        LOGGER.atWarn().addKeyValue("partition", partition.index()).log("Groups are loaded again because {}", reason);
        shard.onUnloaded();
        shard = newShard();
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

    /** The cluster has other topics from now on. */
    void onTopics(TopicCatalog newTopics, boolean hasNewOnes) {
        topics = newTopics;
        shard.onTopics(newTopics, hasNewOnes);
    }

    /** What groups have committed for a deleted topic is forgotten, in the background. */
    void onTopicDeleted(DeletedTopic topic) {
        if (state == State.READY) {
            CoordinatorShard known = shard;
            sweep(
                    known,
                    known.groupsWithOffsetsIn(topic.name()),
                    id -> known.submit(GroupCommands.onTopicDeleted(id, topic.name(), topic.id()), host.now()));
        } else if (state == State.LOADING) {
            deletedWhileLoading.add(topic);
        }
    }

    /** Also topics whose deletion this broker may not have lived to follow up. */
    private void forgetDeletedTopics() {
        Set<DeletedTopic> deleted = new HashSet<>(host.deletedTopics().get());
        deleted.addAll(deletedWhileLoading);
        deletedWhileLoading.clear();
        deleted.forEach(this::onTopicDeleted);
    }

    private void scheduleExpiry() {
        timers.after(host.settings().offsetsCheckIntervalMs(), () -> {
            if (state == State.READY) {
                CoordinatorShard known = shard;
                sweep(known, known.groupIds(), id -> known.submit(GroupCommands.expireOffsets(id), host.now()));
            }
            if (state != State.ENDED) {
                scheduleExpiry();
            }
        });
    }

    /** Does something for many groups, some in each turn. */
    private void sweep(CoordinatorShard known, List<String> groupIds, Consumer<String> work) {
        new GroupSweep(owner, groupIds, work, () -> known == shard && state == State.READY, this::goOn).run();
    }

    /**
     * The broker is about to stop: members that wait for others are told to look for another coordinator, and so is whoever would have
     * to wait from now on. Everything else goes on; nobody is taken for lost meanwhile.
     */
    void drain() {
        if (isDraining) {
            return;
        }
        isDraining = true;
        refuseEarly(Errors.NOT_COORDINATOR);
        if (state == State.READY) {
            CoordinatorShard known = shard;
            sweep(known, known.groupIds(), id -> known.submit(GroupCommands.releaseWaiting(id), host.now()));
        }
    }

    /** Ends the coordinator: everybody who waits is told to look for another. */
    void end() {
        if (state == State.ENDED) {
            return;
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
    }
}
