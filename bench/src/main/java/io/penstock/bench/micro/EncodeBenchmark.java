package io.penstock.bench.micro;

import io.netty.buffer.PooledByteBufAllocator;
import io.penstock.net.wire.EncodedResponse;
import io.penstock.net.wire.RecordTransfer;
import io.penstock.net.wire.ResponseEncoder;
import io.penstock.net.wire.SlicedRecords;
import io.penstock.storage.LogSlices;
import io.penstock.storage.PartitionLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Answers as frames, ready for one gathering write: that of a Produce, and that of a Fetch whose records stay in the log's memory. */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH fills the fields in the set-up methods
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED"
        })
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EncodeBenchmark {
    private static final short PRODUCE_VERSION = 9;
    private static final short FETCH_VERSION = 12;
    private static final int MAX_BYTES = 1 << 20;
    private static final String TOPIC = "bench";

    @Param({"100", "16000"})
    private int valueBytes;

    private final ProduceResponseData produced = produced();
    private final FetchResponseData.PartitionData partition =
            new FetchResponseData.PartitionData().setHighWatermark(1).setLastStableOffset(1);
    private final FetchResponseData fetched = fetched(partition);
    private LogUnderTest underTest;
    private LogSlices slices;

    @Setup
    public void fill() throws IOException, InterruptedException {
        underTest = LogUnderTest.open("chronicle");
        PartitionLog log = underTest.log();
        ByteBuffer batch = LogUnderTest.batch(valueBytes);
        underTest.awaitRoom(batch.remaining());
        log.append(batch, 0);
        underTest.drain();
        slices =
                Objects.requireNonNull(log.readHot(0, log.endOffset(), MAX_BYTES, true), "the newest batch is not hot");
    }

    @TearDown
    public void close() throws IOException, InterruptedException {
        slices.release();
        underTest.close();
    }

    @Benchmark
    public int produceAnswer() {
        return drop(ResponseEncoder.encode(
                PooledByteBufAllocator.DEFAULT, RecordTransfer.MEMORY, ApiKeys.PRODUCE, PRODUCE_VERSION, 1, produced));
    }

    /** Whoever encodes gives a reference to the slices away, so each answer takes one, as each fetch does. */
    @Benchmark
    public int fetchAnswer() {
        partition.setRecords(new SlicedRecords(slices.retain()));
        return drop(ResponseEncoder.encode(
                PooledByteBufAllocator.DEFAULT, RecordTransfer.MEMORY, ApiKeys.FETCH, FETCH_VERSION, 1, fetched));
    }

    private static int drop(EncodedResponse encoded) {
        int bytes = encoded.bytes();
        encoded.release();
        return bytes;
    }

    private static ProduceResponseData produced() {
        ProduceResponseData.TopicProduceResponse topic = new ProduceResponseData.TopicProduceResponse()
                .setName(TOPIC)
                .setPartitionResponses(new ArrayList<>(List.of(new ProduceResponseData.PartitionProduceResponse()
                        .setIndex(0)
                        .setBaseOffset(42))));
        ProduceResponseData data = new ProduceResponseData();
        data.responses().add(topic);
        return data;
    }

    private static FetchResponseData fetched(FetchResponseData.PartitionData partition) {
        return new FetchResponseData()
                .setResponses(List.of(new FetchResponseData.FetchableTopicResponse()
                        .setTopic(TOPIC)
                        .setPartitions(List.of(partition))));
    }
}
