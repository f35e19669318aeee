package io.penstock.net.handler.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.handler.CapturedResponder;
import io.penstock.net.handler.FakeKernel;
import io.penstock.net.handler.FakePartition;
import io.penstock.net.handler.Requests;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One client with a fetch session against partitions that answer late, grow, fail and heal in a random order. Checks that each request is
 * answered once or abandoned, that no memory is lost, that answers keep to their limits, and that the client ends up with everything.
 */
class FetchSimulationTest {
    private static final int STEPS = 3000;
    private static final int VERSION = 18;

    private final FakeKernel kernel = new FakeKernel();
    private final ManualTimers timers = new ManualTimers();

    private SplittableRandom random = new SplittableRandom();
    private final FetchHandler handler = new FetchHandler(kernel, 10, 1, 50_000, timers, () -> 0);
    private int partitions;
    private long[] offsets = {};
    private int sessionId;
    private int epoch;
    private boolean sessionless;
    private FetchRequestData request = new FetchRequestData();
    private CapturedResponder responder = new CapturedResponder();

    private FakePartition partition(int index) {
        return kernel.router.partition(kernel.cluster.partition("t", index));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldDeliverEverythingAndLoseNoMemory(long seed) {
        // given
        random = new SplittableRandom(seed);
        partitions = random.nextInt(1, 12);
        sessionless = random.nextInt(3) == 0;
        offsets = new long[partitions];
        kernel.cluster.addTopic("t", partitions);
        send();

        // when
        for (int step = 0; step < STEPS; step++) {
            step();
            receive();
        }

        // then
        drain();
        for (int i = 0; i < partitions; i++) {
            assertThat(offsets[i])
                    .as("seed %d, partition %d", seed, i)
                    .isEqualTo(partition(i).highWatermark());
            assertThat(partition(i).handedOut.stream()
                            .filter(slices -> !slices.isReleased())
                            .count())
                    .as("seed %d, partition %d, lost pieces of memory", seed, i)
                    .isZero();
        }
    }

    private void step() {
        int index = random.nextInt(partitions);
        switch (random.nextInt(8)) {
            case 0, 1 -> partition(index).append(random.nextInt(1, random.nextInt(4) == 0 ? 5000 : 300));
            case 2, 3, 4 -> releaseOne();
            case 5 -> kernel.router.holdBack = random.nextBoolean();
            case 6 -> {
                if (random.nextInt(5) == 0) {
                    partition(index).fail(random.nextBoolean() ? Errors.NONE : Errors.NOT_LEADER_OR_FOLLOWER);
                } else {
                    partition(index).error = Errors.NONE;
                }
            }
            default -> {
                if (random.nextInt(10) == 0) {
                    timers.expireAll();
                } else if (random.nextInt(20) == 0) {
                    reconnect();
                }
            }
        }
    }

    private void releaseOne() {
        if (kernel.router.heldBackCount() > 0) {
            kernel.router.releaseOne();
        }
    }

    /** The connection dies and the client starts again on another one. */
    private void reconnect() {
        responder.abandon();
        responder.onWritten();
        sessionId = 0;
        epoch = 0;
        send();
    }

    private void send() {
        FetchTopic topic = new FetchTopic().setTopicId(kernel.cluster.topic("t").id());
        for (int i = 0; i < partitions; i++) {
            topic.partitions()
                    .add(new FetchPartition()
                            .setPartition(i)
                            .setFetchOffset(offsets[i])
                            .setPartitionMaxBytes(1000));
        }
        request = new FetchRequestData()
                .setMaxWaitMs(random.nextInt(4) == 0 ? 0 : 500)
                .setMinBytes(random.nextInt(0, 400))
                .setMaxBytes(random.nextInt(1, 4000))
                .setSessionId(sessionId)
                .setSessionEpoch(sessionless ? -1 : epoch)
                .setTopics(List.of(topic));
        responder = new CapturedResponder();
        handler.handle(Requests.of(request, VERSION), responder);
    }

    private void receive() {
        if (responder.isAnswered()) {
            FetchResponseData response = responder.response(FetchResponseData.class, VERSION);
            assertThat(response.errorCode()).isZero();
            check(response);
            responder.onWritten();
            sessionId = response.sessionId();
            epoch = sessionId == 0 ? 0 : epoch + 1;
            send();
        }
    }

    private void check(FetchResponseData response) {
        List<PartitionData> answers = response.responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .toList();
        if (sessionless || epoch == 0) {
            assertThat(answers).hasSize(partitions);
        }
        int bytes = 0;
        int withRecords = 0;
        for (PartitionData answer : answers) {
            int size = answer.records().sizeInBytes();
            bytes += size;
            withRecords += size > 0 ? 1 : 0;
            advance(answer.partitionIndex(), size);
        }
        assertThat(withRecords <= 1 || bytes <= request.maxBytes()).isTrue();
    }

    /** Reads as many batches as the answer holds; their sizes are unknown to it, so it takes the broker's word for the end. */
    private void advance(int index, int size) {
        offsets[index] += partition(index).batchesIn(offsets[index], size);
    }

    private void drain() {
        kernel.router.holdBack = false;
        while (kernel.router.heldBackCount() > 0) {
            kernel.router.releaseOne();
        }
        for (int i = 0; i < partitions; i++) {
            partition(i).error = Errors.NONE;
        }
        for (int round = 0; round < 2000 && !isCaughtUp(); round++) {
            timers.expireAll();
            receive();
        }
        responder.abandon();
        responder.onWritten();
    }

    private boolean isCaughtUp() {
        for (int i = 0; i < partitions; i++) {
            if (offsets[i] < partition(i).highWatermark()) {
                return false;
            }
        }
        return true;
    }
}
