package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.CountedSlices;
import io.penstock.net.fixture.FetchAnswers;
import io.penstock.net.fixture.LogCapture;
import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.ScriptedHandler;
import io.penstock.net.fixture.ScriptedHandler.Call;
import io.penstock.net.fixture.TestListener;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AlarmExtension.class)
final class PipeliningIT {
    @Test
    void shouldAnswerInRequestOrderWhateverCompletesFirst() throws Exception {
        // given
        ScriptedHandler handler = ScriptedHandler.manual(ApiKeys.METADATA);
        try (TestListener listener = TestListener.start(handler);
                RawClient client = RawClient.connect(listener.port())) {
            List<Call> calls = new ArrayList<>();
            for (int id = 0; id < 50; id++) {
                client.send(ApiKeys.METADATA, id, new MetadataRequestData());
                calls.add(handler.take());
            }
            assertThat(calls).extracting(call -> call.request().correlationId()).isSorted();

            // when
            Collections.shuffle(calls, new Random(1));
            calls.forEach(call -> call.responder().send(new MetadataResponseData()));

            // then
            for (int id = 0; id < 50; id++) {
                assertThat(client.readCorrelationId()).isEqualTo(id);
            }
        }
    }

    @Test
    void shouldDispatchNoMoreThanTheLimitAndGoOnBelowIt() throws Exception {
        // given
        int limit = 3;
        int requests = 20;
        ScriptedHandler handler = ScriptedHandler.manual(ApiKeys.METADATA);
        try (TestListener listener =
                        TestListener.start(Limits.with(new PipelineLimits(limit, 1 << 20, 1 << 20)), handler);
                RawClient client = RawClient.connect(listener.port())) {
            for (int id = 0; id < requests; id++) {
                client.send(ApiKeys.METADATA, id, new MetadataRequestData());
            }

            // when
            for (int id = 0; id < requests; id++) {
                Call call = handler.take();
                assertThat(handler.untaken()).isLessThan(limit);
                call.responder().send(new MetadataResponseData());

                // then
                assertThat(client.readCorrelationId()).isEqualTo(id);
            }
        }
    }

    @Test
    void shouldPauseAllConnectionsWhileTheBrokerHasTooMuchInFlight() throws Exception {
        // given
        ScriptedHandler handler = ScriptedHandler.manual(ApiKeys.PRODUCE);
        MemoryLimits memory = new MemoryLimits(32 << 20, 100_000);
        try (TestListener listener = TestListener.start(Limits.with(memory), handler);
                RawClient first = RawClient.connect(listener.port());
                RawClient second = RawClient.connect(listener.port())) {
            first.sendBytes(Frames.produce(1, 120_000));
            Call held = handler.take();

            // when
            second.sendBytes(Frames.produce(2, 10));
            TestListener.await(
                    "second frame has arrived", () -> listener.usage().unfinishedBytes() > 0);

            // then
            assertThat(handler.untaken()).isZero();
            held.responder().send(new ProduceResponseData());
            assertThat(first.readCorrelationId()).isEqualTo(1);
            handler.take().responder().send(new ProduceResponseData());
            assertThat(second.readCorrelationId()).isEqualTo(2);
        }
    }

    @Test
    void shouldDispatchProduceWhileWaitingRequestsHoldAllTheirMemory() throws Exception {
        // given
        ScriptedHandler fetch = ScriptedHandler.manual(ApiKeys.FETCH);
        ScriptedHandler produce = ScriptedHandler.scripted(
                ApiKeys.PRODUCE, (request, responder) -> responder.send(new ProduceResponseData()));
        try (TestListener listener = TestListener.start(Limits.with(new MemoryLimits(32 << 20, 1)), fetch, produce);
                RawClient first = RawClient.connect(listener.port());
                RawClient second = RawClient.connect(listener.port());
                RawClient writer = RawClient.connect(listener.port())) {
            first.send(ApiKeys.FETCH, 1, new FetchRequestData());
            Call waiting = fetch.take();
            second.send(ApiKeys.FETCH, 2, new FetchRequestData());
            TestListener.await(
                    "second fetch has arrived", () -> listener.usage().unfinishedBytes() > 0);

            // when
            writer.sendBytes(Frames.produce(3, 1_000));

            // then
            assertThat(writer.readCorrelationId()).isEqualTo(3);
            assertThat(fetch.untaken()).isZero();
            waiting.responder().send(new FetchResponseData());
            assertThat(first.readCorrelationId()).isEqualTo(1);
            fetch.take().responder().send(new FetchResponseData());
            assertThat(second.readCorrelationId()).isEqualTo(2);
        }
    }

    @Test
    void shouldHandTheFrameOnUntilItIsAnswered() throws Exception {
        // given
        ScriptedHandler handler = ScriptedHandler.manual(ApiKeys.PRODUCE);
        try (TestListener listener = TestListener.start(handler);
                RawClient client = RawClient.connect(listener.port())) {
            client.send(ApiKeys.API_VERSIONS, 1, hello());
            assertThat(client.readCorrelationId()).isEqualTo(1);

            // when
            client.sendBytes(Frames.produce(2, 1_000_000));

            // then
            Call call = handler.take();
            MemoryRecords records = (MemoryRecords) call.request()
                    .data(ProduceRequestData.class)
                    .topicData()
                    .iterator()
                    .next()
                    .partitionData()
                    .get(0)
                    .records();
            assertThat(records.buffer().isDirect()).isTrue();
            assertThat(records.sizeInBytes()).isEqualTo(1_000_000);
            assertThat(records.buffer().get(999_999)).isEqualTo((byte) 'x');
            assertThat(listener.usage().inFlightBytes()).isGreaterThan(1_000_000);
            call.responder().send(new ProduceResponseData());
            assertThat(client.readCorrelationId()).isEqualTo(2);
        }
    }

    @Test
    void shouldSendLargeFetchAnswersFromLogMemory() throws Exception {
        // given
        CountedSlices slices = CountedSlices.ofSizes(3_000_000, 100_000, 2_000_000);
        ScriptedHandler handler = ScriptedHandler.manual(ApiKeys.FETCH);
        try (TestListener listener = TestListener.start(handler);
                RawClient client = RawClient.connect(listener.port())) {
            client.send(ApiKeys.FETCH, 1, new FetchRequestData());

            // when
            handler.take().responder().send(FetchAnswers.of(slices));

            // then
            FetchResponseData answer = client.read(ApiKeys.FETCH, FetchResponseData.class);
            MemoryRecords records = (MemoryRecords)
                    answer.responses().get(0).partitions().get(0).records();
            assertThat(records.sizeInBytes()).isEqualTo(5_100_000);
            assertThat(records.buffer().get(0)).isEqualTo((byte) 0);
            assertThat(records.buffer().get(3_000_000)).isEqualTo((byte) 1);
            assertThat(records.buffer().get(3_100_000)).isEqualTo((byte) 2);
            TestListener.await("slices given back", () -> slices.references() == 0);
        }
    }

    @Test
    void shouldHoldOneFetchAnswerForClientThatDoesNotRead() throws Exception {
        // given
        ScriptedHandler handler = ScriptedHandler.manual(ApiKeys.FETCH);
        try (TestListener listener = TestListener.start(handler);
                RawClient client = RawClient.connectSlow(listener.port(), 4_096)) {
            CountedSlices first = CountedSlices.ofSizes(20_000_000);
            for (int id = 1; id <= 10; id++) {
                client.send(ApiKeys.FETCH, id, new FetchRequestData());
            }

            // when
            handler.take().responder().send(FetchAnswers.of(first));

            // then
            assertThat(handler.untaken()).isZero();
            assertThat(client.read().remaining()).isGreaterThan(20_000_000);
            for (int id = 2; id <= 10; id++) {
                handler.take().responder().send(new FetchResponseData());
                assertThat(client.readCorrelationId()).isEqualTo(id);
            }
            assertThat(first.references()).isZero();
        }
    }

    @Test
    void shouldTellHandlersWhenTheClientHasGone() throws Exception {
        // given
        ScriptedHandler handler = ScriptedHandler.manual(ApiKeys.FETCH);
        CountDownLatch abandoned = new CountDownLatch(1);
        CountedSlices late = CountedSlices.ofSizes(10_000);
        try (TestListener listener = TestListener.start(handler)) {
            RawClient client = RawClient.connect(listener.port());
            client.send(ApiKeys.FETCH, 1, new FetchRequestData());
            Call call = handler.take();
            call.responder().onAbandoned(abandoned::countDown);

            // when
            client.close();

            // then
            assertThat(abandoned.await(10, TimeUnit.SECONDS)).isTrue();
            call.responder().send(FetchAnswers.of(late));
            TestListener.await("late slices given back", () -> late.references() == 0);
        }
    }

    @Test
    void shouldLetOtherRequestsBeWhenOneHandlerFails() throws Exception {
        // given
        ScriptedHandler broken = ScriptedHandler.scripted(ApiKeys.DESCRIBE_CLUSTER, (request, responder) -> {
            throw new IllegalStateException("expected by the test");
        });
        ScriptedHandler sound = ScriptedHandler.scripted(
                ApiKeys.METADATA, (request, responder) -> responder.send(new MetadataResponseData()));
        try (LogCapture log = LogCapture.of(AnswerQueue.class);
                TestListener listener = TestListener.start(broken, sound);
                RawClient client = RawClient.connect(listener.port())) {
            // when
            client.send(ApiKeys.DESCRIBE_CLUSTER, 1, new DescribeClusterRequestData());
            client.send(ApiKeys.METADATA, 2, new MetadataRequestData());

            // then
            DescribeClusterResponseData answer =
                    client.read(ApiKeys.DESCRIBE_CLUSTER, DescribeClusterResponseData.class);
            assertThat(answer.errorCode()).isEqualTo(Errors.UNKNOWN_SERVER_ERROR.code());
            assertThat(client.readCorrelationId()).isEqualTo(2);
            assertThat(log.lines()).hasSize(1);
        }
    }

    @Test
    void shouldDispatchInsideTheVertxContextOfTheConnectionsLoop() throws Exception {
        // given
        AtomicReference<Boolean> isOnEventLoopContext = new AtomicReference<>(false);
        ScriptedHandler handler = ScriptedHandler.scripted(ApiKeys.METADATA, (request, responder) -> {
            isOnEventLoopContext.set(
                    Vertx.currentContext() != null && Vertx.currentContext().isEventLoopContext());
            responder.send(new MetadataResponseData());
        });
        try (TestListener listener = TestListener.start(handler);
                RawClient client = RawClient.connect(listener.port())) {
            // when
            client.send(ApiKeys.METADATA, 1, new MetadataRequestData());

            // then
            assertThat(client.readCorrelationId()).isEqualTo(1);
            assertThat(isOnEventLoopContext).hasValue(true);
        }
    }

    private static ApiMessage hello() {
        return new ApiVersionsRequestData().setClientSoftwareName("raw").setClientSoftwareVersion("1");
    }
}
