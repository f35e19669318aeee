package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.ScriptedHandler;
import io.penstock.net.fixture.ScriptedHandler.Call;
import io.penstock.net.fixture.TestListener;
import io.penstock.net.transport.TransportChoice;
import io.vertx.core.transport.Transport;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client has sent before it closed, and waits for no answer to. */
@ExtendWith(AlarmExtension.class)
final class LastWordsIT {
    private static final short UNANSWERED = 0;
    private static final short ANSWERED = 1;
    private static final int IN_FLIGHT = 3;

    private final ScriptedHandler handler = ScriptedHandler.manual(ApiKeys.PRODUCE);

    private TestListener listen(TransportChoice transport, ListenerLimits limits) {
        assumeTrue(Transport.EPOLL != null || transport == TransportChoice.NIO, "no epoll");
        return TestListener.start(transport.resolve(), limits, FrontendMetrics.NONE, handler);
    }

    private static ListenerLimits fewInFlight() {
        return Limits.with(new PipelineLimits(IN_FLIGHT, 1 << 20, 1 << 20));
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void shouldBeHeardToTheLastHoweverManyMayBeInFlight(TransportChoice transport) throws Exception {
        // given
        int requests = 20;
        try (TestListener listener = listen(transport, fewInFlight())) {
            // when
            try (RawClient client = RawClient.connect(listener.port())) {
                for (int id = 0; id < requests; id++) {
                    client.sendBytes(Frames.produce(id, UNANSWERED, 100));
                }
            }

            // then
            for (int id = 0; id < requests; id++) {
                Call call = handler.take();
                assertThat(call.request().correlationId()).isEqualTo(id);
                assertThat(Frames.countX(call.request())).isEqualTo(100);
                call.responder().sendNothing();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void shouldWaitForMemoryLikeAnyOther(TransportChoice transport) throws Exception {
        // given
        MemoryLimits memory = new MemoryLimits(32 << 20, 100_000);
        try (TestListener listener = listen(transport, Limits.with(memory));
                RawClient other = RawClient.connect(listener.port())) {
            other.sendBytes(Frames.produce(1, ANSWERED, 120_000));
            Call held = handler.take();

            // when
            try (RawClient client = RawClient.connect(listener.port())) {
                client.sendBytes(Frames.produce(2, UNANSWERED, 10));
                client.sendBytes(Frames.produce(3, UNANSWERED, 20));
                TestListener.await(
                        "both frames have arrived", () -> listener.usage().unfinishedBytes() > 0);
            }

            // then
            assertThat(handler.untaken()).isZero();
            held.responder().send(new ProduceResponseData());
            assertThat(other.readCorrelationId()).isEqualTo(1);
            for (int id = 2; id <= 3; id++) {
                Call call = handler.take();
                assertThat(call.request().correlationId()).isEqualTo(id);
                call.responder().sendNothing();
            }
        }
    }

    /** With NIO a connection that is not being read does not see its end, and all of this happens while it lives. */
    @Test
    void shouldEndWithTheFirstRequestThatWantsAnAnswer() throws Exception {
        // given
        try (TestListener listener = listen(TransportChoice.EPOLL, fewInFlight())) {
            // when
            try (RawClient client = RawClient.connect(listener.port())) {
                for (int id = 0; id <= IN_FLIGHT; id++) {
                    client.sendBytes(Frames.produce(id, UNANSWERED, 10));
                }
                client.sendBytes(Frames.produce(IN_FLIGHT + 1, ANSWERED, 10));
                client.sendBytes(Frames.produce(IN_FLIGHT + 2, UNANSWERED, 10));
            }

            // then
            TestListener.await("the connection has gone", () -> listener.usage().connections() == 0);
            for (int id = 0; id <= IN_FLIGHT; id++) {
                Call call = handler.take();
                assertThat(call.request().correlationId()).isEqualTo(id);
                call.responder().sendNothing();
            }
        }
        assertThat(handler.untaken()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void shouldNotBeHeardAfterNonsense(TransportChoice transport) throws Exception {
        // given
        try (TestListener listener = listen(transport, fewInFlight())) {
            // when
            try (RawClient client = RawClient.connect(listener.port())) {
                client.sendBytes(Frames.produce(1, UNANSWERED, 10));
                client.sendBytes(new byte[] {-1, -1, -1, -1});
                client.sendBytes(Frames.produce(2, UNANSWERED, 10));
            }

            // then
            Call call = handler.take();
            assertThat(call.request().correlationId()).isEqualTo(1);
            call.responder().sendNothing();
            TestListener.await("the connection has gone", () -> listener.usage().connections() == 0);
        }
        assertThat(handler.untaken()).isZero();
    }
}
