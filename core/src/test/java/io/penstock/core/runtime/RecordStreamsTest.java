package io.penstock.core.runtime;

import static io.penstock.core.runtime.BrokerFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.core.api.Broker;
import io.penstock.core.api.BrokerOptions;
import io.penstock.core.api.NewRecord;
import io.penstock.core.api.ReadFrom;
import io.penstock.core.api.RecordException;
import io.penstock.core.api.RecordHeader;
import io.penstock.core.api.RecordReader;
import io.penstock.core.api.RecordWriter;
import io.penstock.core.api.StoredRecord;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.transaction.TransactionMarker;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordStreamsTest {
    private static final String TOPIC = "embedded";
    private static final int LIMIT_S = 20;

    @TempDir
    private Path directory;

    private final BrokerFixture brokers = new BrokerFixture();
    private Context context;
    private Broker broker;

    @BeforeEach
    void start() {
        context = brokers.vertx.getOrCreateContext();
        open(BrokerOptions.inMemory());
    }

    private void open(BrokerOptions options) {
        broker = brokers.start(options);
        brokers.await(broker.ensureTopic(TOPIC, 2));
    }

    @AfterEach
    void stop() {
        brokers.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReadInOrderWhatWasWritten(boolean isOnDisk) {
        // given
        if (isOnDisk) {
            brokers.stop(broker);
            open(BrokerOptions.inDirectory(directory.resolve("data")));
        }
        RecordWriter writer = writer();
        Collected read = read(ReadFrom.EARLIEST);

        // when
        List<Future<Long>> sent = on(() -> IntStream.range(0, 10_000)
                .mapToObj(i -> writer.send(NewRecord.of(Buffer.buffer("v" + i))))
                .toList());

        // then
        read.await(10_000);
        assertThat(read.values())
                .isEqualTo(IntStream.range(0, 10_000).mapToObj(i -> "v" + i).toList());
        assertThat(sent.stream().map(this::await))
                .containsExactlyElementsOf(LongStream.range(0, 10_000).boxed().toList());
    }

    @Test
    void shouldKeepEveryPartOfARecord() {
        // given
        List<RecordHeader> headers =
                List.of(new RecordHeader("trace", Buffer.buffer("1")), new RecordHeader("empty", null));
        NewRecord record = new NewRecord(Buffer.buffer("k"), null, headers, 1_234);
        RecordWriter writer = writer();

        // when
        await(on(() -> writer.send(record)));
        Collected read = read(ReadFrom.EARLIEST).await(1);

        // then
        assertThat(read.records).containsExactly(new StoredRecord(0, 1_234, Buffer.buffer("k"), null, headers));
    }

    @Test
    void shouldKeepItsPlaceWhileItIsPaused() {
        // given
        RecordWriter writer = writer();
        Collected read = readPaused(ReadFrom.EARLIEST);
        on(() -> IntStream.range(0, 100)
                .mapToObj(i -> writer.send(NewRecord.of(Buffer.buffer("v" + i))))
                .toList());

        // when
        on(() -> read.reader.fetch(3));
        read.await(3);
        await(on(() -> writer.send(NewRecord.of(Buffer.buffer("late")))));

        // then
        assertThat(read.values()).containsExactly("v0", "v1", "v2");
        assertThat(on(read.reader::position)).isEqualTo(3);
        on(read.reader::resume);
        read.await(101);
        assertThat(read.values()).startsWith("v0", "v1", "v2", "v3").endsWith("v99", "late");
    }

    @Test
    void shouldBeginInTheMidstOfACompressedBatch() {
        // given
        append(MemoryRecords.withRecords(Compression.gzip().build(), simple("a"), simple("b"), simple("c"))
                .buffer());

        // when
        Collected read = read(ReadFrom.offset(1)).await(2);

        // then
        assertThat(read.values()).containsExactly("b", "c");
    }

    @Test
    void shouldReadOnlyWhatComesFromNowOn() {
        // given
        RecordWriter writer = writer();
        await(on(() -> writer.send(NewRecord.of(Buffer.buffer("before")))));
        Collected read = read(ReadFrom.LATEST);

        // when
        await(on(() -> writer.send(NewRecord.of(Buffer.buffer("after")))));

        // then
        assertThat(read.await(1).values()).containsExactly("after");
    }

    @Test
    void shouldNeverShowWhatWasAborted() {
        // given
        append(transactional(7, "aborted"), Origin.COORDINATOR);
        append(transactional(8, "committed"), Origin.COORDINATOR);
        append(MarkerBatch.of(new TransactionMarker(7, (short) 0, 0, false, 1), 0), Origin.COORDINATOR);
        append(MarkerBatch.of(new TransactionMarker(8, (short) 0, 0, true, 1), 0), Origin.COORDINATOR);
        RecordWriter writer = writer();
        await(on(() -> writer.send(NewRecord.of(Buffer.buffer("plain")))));

        // when
        Collected read = read(ReadFrom.EARLIEST).await(2);

        // then
        assertThat(read.values()).containsExactly("committed", "plain");
    }

    @Test
    void shouldRefuseARecordAndTakeTheNext() {
        // given
        RecordWriter writer = writer();
        List<Throwable> heard = new CopyOnWriteArrayList<>();
        on(() -> writer.exceptionHandler(heard::add));

        // when
        Future<Long> large = on(() -> writer.send(NewRecord.of(Buffer.buffer(new byte[2 << 20]))));
        Future<Long> small = on(() -> writer.send(NewRecord.of(Buffer.buffer("small"))));

        // then
        assertThat(refusal(large).error()).isEqualTo(Errors.MESSAGE_TOO_LARGE.name());
        assertThat(refusal(large).isRetriable()).isFalse();
        assertThat(await(small)).isZero();
        assertThat(heard).hasSize(1);
    }

    @Test
    void shouldSayThatThereIsNoSuchPartition() {
        assertThat(refusal(on(() -> broker.writer("missing", 0))).error())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.name());
        assertThat(refusal(on(() -> broker.reader(TOPIC, 2, ReadFrom.EARLIEST))).error())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.name());
    }

    @Test
    void shouldEndWhenItsPlaceIsGone() {
        // given
        RecordWriter writer = writer();
        await(on(() -> writer.send(NewRecord.of(Buffer.buffer("one")))));
        CompletableFuture<Errors> deleted = new CompletableFuture<>();
        context.runOnContext(turn -> broker.kernel()
                .partitions()
                .deleteRecords(partition(broker.kernel(), TOPIC, 0), 1, result -> deleted.complete(result.error())));
        assertThat(Replies.await(deleted)).isEqualTo(Errors.NONE);

        // when
        Collected read = read(ReadFrom.offset(0));

        // then
        awaitTrue(() -> read.ends.get() == 1);
        assertThat(read.failures)
                .extracting(failure -> ((RecordException) failure).error())
                .containsExactly(Errors.OFFSET_OUT_OF_RANGE.name());
    }

    @Test
    void shouldSayWhenItIsFullAndWhenItHasDrained() {
        // given
        RecordWriter writer = writer();
        AtomicInteger drained = new AtomicInteger();

        // when
        boolean wasFull = on(() -> {
            writer.setWriteQueueMaxSize(10).drainHandler(nothing -> drained.incrementAndGet());
            boolean emptyIsFull = writer.writeQueueFull();
            IntStream.range(0, 10).forEach(i -> writer.send(NewRecord.of(Buffer.buffer("v"))));
            return !emptyIsFull && writer.writeQueueFull();
        });

        // then
        assertThat(wasFull).isTrue();
        awaitTrue(() -> drained.get() == 1);
        assertThat(on(writer::writeQueueFull)).isFalse();
    }

    @Test
    void shouldEndWhenAllIsAcknowledged() {
        // given
        RecordWriter writer = writer();

        // when
        Future<Long> last = on(() -> writer.send(NewRecord.of(Buffer.buffer("last"))));
        await(on(() -> writer.end()));

        // then
        assertThat(last.succeeded()).isTrue();
        Future<Long> tooLate = on(() -> writer.send(NewRecord.of(Buffer.buffer("late"))));
        assertThat(tooLate.cause()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldCallNobodyAfterItWasClosed() {
        // given
        RecordWriter writer = writer();
        Collected read = read(ReadFrom.EARLIEST);
        await(on(read.reader::close));

        // when
        await(on(() -> writer.send(NewRecord.of(Buffer.buffer("unread")))));

        // then
        Collected other = read(ReadFrom.EARLIEST).await(1);
        assertThat(other.values()).containsExactly("unread");
        assertThat(read.records).isEmpty();
        assertThat(read.ends).hasValue(0);
    }

    @Test
    void shouldBeUsedOnItsOwnContextOnly() {
        RecordWriter writer = writer();
        RecordReader reader = await(on(() -> broker.reader(TOPIC, 0, ReadFrom.EARLIEST)));

        assertThatThrownBy(() -> writer.send(NewRecord.of(Buffer.buffer("v"))))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(reader::pause).isInstanceOf(IllegalStateException.class);
    }

    // ---- helpers

    /** What a reader has brought so far. */
    private static final class Collected {
        final RecordReader reader;
        final List<StoredRecord> records = new CopyOnWriteArrayList<>();
        final List<Throwable> failures = new CopyOnWriteArrayList<>();
        final AtomicInteger ends = new AtomicInteger();

        Collected(RecordReader reader) {
            this.reader = reader;
            reader.exceptionHandler(failures::add)
                    .endHandler(nothing -> ends.incrementAndGet())
                    .handler(records::add);
        }

        Collected await(int count) {
            awaitTrue(() -> records.size() >= count);
            return this;
        }

        List<String> values() {
            return records.stream()
                    .map(record -> String.valueOf(record.value()))
                    .toList();
        }
    }

    private Collected read(ReadFrom from) {
        RecordReader reader = await(on(() -> broker.reader(TOPIC, 0, from)));
        return on(() -> new Collected(reader));
    }

    private Collected readPaused(ReadFrom from) {
        RecordReader reader = await(on(() -> broker.reader(TOPIC, 0, from)));
        return on(() -> new Collected(reader.pause()));
    }

    private RecordWriter writer() {
        return await(on(() -> broker.writer(TOPIC, 0)));
    }

    private <T> T on(Supplier<T> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        context.runOnContext(turn -> {
            try {
                done.complete(task.get());
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return Replies.await(done);
    }

    private <T> T await(Future<T> future) {
        return brokers.await(future);
    }

    private RecordException refusal(Future<?> future) {
        try {
            await(future);
        } catch (CompletionException e) {
            return (RecordException) Objects.requireNonNull(e.getCause());
        }
        throw new AssertionError("it was not refused");
    }

    private static void awaitTrue(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time").isLessThan(deadlineNs);
            Thread.onSpinWait();
        }
    }

    private static SimpleRecord simple(String value) {
        return new SimpleRecord(1, null, value.getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer transactional(long producerId, String value) {
        return MemoryRecords.withTransactionalRecords(Compression.NONE, producerId, (short) 0, 0, simple(value))
                .buffer();
    }

    private void append(ByteBuffer batch) {
        append(batch, Origin.CLIENT);
    }

    private void append(ByteBuffer batch, Origin origin) {
        ByteBuffer direct =
                ByteBuffer.allocateDirect(batch.remaining()).put(batch).flip();
        CompletableFuture<AppendResult> answer = new CompletableFuture<>();
        AppendRequest request = new AppendRequest(direct, (short) -1, 10_000, origin);
        context.runOnContext(turn ->
                broker.kernel().partitions().append(partition(broker.kernel(), TOPIC, 0), request, answer::complete));
        assertThat(Replies.await(answer).error()).isEqualTo(Errors.NONE);
    }
}
