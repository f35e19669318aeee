package io.penstock.core.runtime;

import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.DeleteRecordsResult;
import io.penstock.core.partition.EpochEndResult;
import io.penstock.core.partition.FetchRequest;
import io.penstock.core.partition.OffsetQuery;
import io.penstock.core.partition.OffsetResult;
import io.penstock.core.partition.PartitionConfig;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.PartitionStatus;
import io.penstock.storage.LogConfig;
import io.penstock.storage.LogId;
import io.penstock.storage.fixture.ManualThreads;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;

/** One live partition without Vert.x: its owner, disk, workers, clock and timers are in the test's hands. */
final class PartitionHarness {
    static final int NODE = 1;
    static final PartitionId ID = new PartitionId(Uuid.fromString("AAAAAAAAAAAAAAAAAAAAAQ"), 0);
    static final LogId LOG = LogId.of("topics", "0");

    final ManualThreads threads = new ManualThreads();
    final ManualThreads workers = new ManualThreads();
    final ManualTime time = new ManualTime();
    final FlakyLogStore store;
    final PartitionHost host;
    LivePartition live;
    private PartitionSpec spec;

    PartitionHarness() {
        this(PartitionConfig.DEFAULT);
    }

    PartitionHarness(PartitionConfig config) {
        this(config, PartitionLimits.DEFAULT);
    }

    PartitionHarness(PartitionConfig config, PartitionLimits limits) {
        this(config, limits, new FlakyLogStore());
    }

    PartitionHarness(PartitionConfig config, PartitionLimits limits, FlakyLogStore store) {
        this(config, limits, store, TransactionAdmissions.NONE);
    }

    PartitionHarness(
            PartitionConfig config, PartitionLimits limits, FlakyLogStore store, TransactionAdmissions admissions) {
        this.store = store;
        host = PartitionHost.create(
                NODE,
                store,
                threads.context().disk(),
                workers.context().disk(),
                time,
                limits,
                PartitionMetrics.NONE,
                admissions);
        spec = new PartitionSpec(leader(0), "topic", LOG, config, LogConfig.DEFAULT);
        live = start();
    }

    private LivePartition start() {
        return new LivePartition(spec, host, threads.context().owner(), time);
    }

    /** A new process takes the partition over. */
    void restart() {
        live = start();
    }

    static PartitionImage leader(int epoch) {
        return image(NODE, epoch, List.of(NODE), List.of(NODE));
    }

    static PartitionImage image(int leader, int epoch, List<Integer> replicas, List<Integer> isr) {
        return new PartitionImage(ID, leader, epoch, epoch, replicas, isr);
    }

    void update(PartitionImage image) {
        update(image, spec.config());
    }

    void update(PartitionImage image, PartitionConfig config) {
        spec = new PartitionSpec(image, "topic", LOG, config, spec.logConfig());
        live.update(spec);
        run();
    }

    void updateLog(LogConfig config) {
        spec = new PartitionSpec(spec.image(), "topic", LOG, spec.config(), config);
        live.update(spec);
        run();
    }

    FlakyLog log() {
        return store.log(LOG);
    }

    /** Lets all work be done that needs no time and no help. */
    void run() {
        do {
            workers.runAll();
            threads.runAll();
        } while (workers.runOne());
    }

    /** Opens the log by asking something that needs it. */
    FlakyLog open() {
        listOffset(-1, false);
        run();
        return log();
    }

    // ---- questions; the answers are there when the future is done

    Reply<AppendResult> append(ByteBuffer batch, int acks) {
        return append(batch, acks, 30_000, Origin.CLIENT);
    }

    Reply<AppendResult> append(ByteBuffer batch, int acks, int timeoutMs, Origin origin) {
        return append(new AppendRequest(batch, (short) acks, timeoutMs, origin));
    }

    Reply<AppendResult> append(AppendRequest request) {
        return ask(reply -> new AppendCommand(ID, Runnable::run, request, reply));
    }

    Replies.Fetched fetch(long offset, int minBytes) {
        return fetch(new FetchRequest(offset, -1, -1, 1 << 20, true, false, minBytes));
    }

    Replies.Fetched fetch(FetchRequest request) {
        Replies.Fetched fetched = new Replies.Fetched();
        fetch(request, fetched);
        return fetched;
    }

    FetchCommand fetch(FetchRequest request, Replies.Fetched listener) {
        FetchCommand command = new FetchCommand(ID, Runnable::run, request, listener);
        live.handle(command);
        run();
        return command;
    }

    Reply<OffsetResult> listOffset(long timestamp, boolean readCommitted) {
        return listOffset(new OffsetQuery(timestamp, -1, readCommitted));
    }

    Reply<OffsetResult> listOffset(OffsetQuery query) {
        return ask(reply -> new OffsetCommand(ID, Runnable::run, query, reply));
    }

    Reply<EpochEndResult> epochEnd(int currentEpoch, int epoch) {
        return ask(reply -> new EpochEndCommand(ID, Runnable::run, currentEpoch, epoch, reply));
    }

    Reply<DeleteRecordsResult> deleteRecords(long offset) {
        return ask(reply -> new DeleteRecordsCommand(ID, Runnable::run, offset, reply));
    }

    Reply<PartitionStatus> status() {
        return ask(reply -> new StatusCommand(ID, Runnable::run, reply));
    }

    private <T> Reply<T> ask(Function<Consumer<T>, PartitionCommand> question) {
        Reply<T> answer = new Reply<>();
        live.handle(question.apply(answer));
        run();
        return answer;
    }
}
