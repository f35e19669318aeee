package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.LogCapture;
import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.TestListener;
import io.penstock.net.transport.TransportChoice;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(AlarmExtension.class)
final class LoopChangeIT {
    private static TestListener listen(TransportChoice transport, ApiHandler handler) {
        return listen(transport, ListenerLimits.DEFAULTS, handler);
    }

    private static TestListener listen(TransportChoice transport, ListenerLimits limits, ApiHandler handler) {
        assumeTrue(Transport.EPOLL != null || transport == TransportChoice.NIO, "no epoll");
        return TestListener.start(transport.resolve(), limits, FrontendMetrics.NONE, handler);
    }

    /** Finds every request cheapest on the loop {@link #wanted}; answers a few milliseconds later, at once, or when told to. */
    private static final class ProduceOnLoop implements ApiHandler {
        final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
        volatile Supplier<@Nullable Thread> wanted = () -> null;
        final Queue<Responder> held = new ConcurrentLinkedQueue<>();
        volatile int delayMs;
        volatile boolean isHolding;

        @Override
        public ApiKeys api() {
            return ApiKeys.PRODUCE;
        }

        @Override
        public @Nullable Thread cheapestLoop(ApiMessage request, short version) {
            return wanted.get();
        }

        @Override
        public void handle(KafkaRequest request, Responder responder) {
            threads.add(Thread.currentThread());
            ProduceResponseData answer = new ProduceResponseData();
            if (request.data(ProduceRequestData.class).acks() == 0) {
                responder.sendNothing();
            } else if (isHolding) {
                held.add(responder);
            } else if (delayMs == 0) {
                responder.send(answer);
            } else {
                Future.future(promise ->
                                Vertx.currentContext().owner().setTimer(delayMs, ignored -> promise.complete()))
                        .onComplete(ignored -> responder.send(answer));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL", "EPOLL_BUSY"})
    void shouldServeEachConnectionOnTheLoopThatIsCheapest(TransportChoice transport) throws Exception {
        ProduceOnLoop handler = new ProduceOnLoop();
        try (TestListener listener = listen(transport, handler)) {
            for (Thread loop : loops(listener)) {
                handler.wanted = () -> loop;
                for (int connection = 0; connection < 2; connection++) {
                    try (RawClient client = RawClient.connect(listener.port())) {
                        // when
                        for (int i = 1; i <= 5; i++) {
                            client.send(ApiKeys.PRODUCE, i, produce());
                            assertThat(client.readCorrelationId()).isEqualTo(i);
                        }

                        // then
                        assertThat(handler.threads).hasSize(5).containsOnly(loop);
                        handler.threads.clear();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void shouldKeepTheOrderOfPipelinedRequestsThatArriveMeanwhile(TransportChoice transport) throws Exception {
        ProduceOnLoop handler = new ProduceOnLoop();
        handler.delayMs = 1;
        try (TestListener listener = listen(transport, handler)) {
            List<Thread> loops = loops(listener);
            AtomicInteger asked = new AtomicInteger();
            handler.wanted = () -> loops.get(asked.getAndIncrement() % loops.size());
            try (RawClient client = RawClient.connect(listener.port())) {
                int requests = 5_000;

                // when
                FutureTask<RawClient> sending = new FutureTask<>(() -> {
                    for (int i = 1; i <= requests; i++) {
                        client.send(ApiKeys.PRODUCE, i, produce());
                    }
                    return client;
                });
                new Thread(sending).start();

                // then
                for (int i = 1; i <= requests; i++) {
                    assertThat(client.readCorrelationId()).isEqualTo(i);
                }
                assertThat(sending.get()).isSameAs(client);
                assertThat(handler.threads.stream().distinct()).hasSize(loops.size());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void shouldForgetConnectionsThatCloseAroundTheirMove(TransportChoice transport) throws Exception {
        ProduceOnLoop handler = new ProduceOnLoop();
        try (TestListener listener = listen(transport, handler)) {
            List<Thread> loops = loops(listener);

            // when
            for (int i = 0; i < 200; i++) {
                Thread loop = loops.get(i % loops.size());
                handler.wanted = () -> loop;
                try (RawClient client = RawClient.connect(listener.port())) {
                    client.send(ApiKeys.PRODUCE, 1, produce());
                    if (i % 3 == 0) {
                        TimeUnit.MICROSECONDS.sleep(i);
                    }
                }
            }

            // then
            TestListener.await("no connection is left", () -> listener.usage().connections() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void shouldDoWhatWantsNoAnswerAlsoWhenItsConnectionClosesAroundTheMove(TransportChoice transport) throws Exception {
        ProduceOnLoop handler = new ProduceOnLoop();
        try (TestListener listener = listen(transport, handler)) {
            List<Thread> loops = loops(listener);

            // when
            for (int i = 0; i < 200; i++) {
                Thread loop = loops.get(i % loops.size());
                handler.wanted = () -> loop;
                try (RawClient client = RawClient.connect(listener.port())) {
                    client.send(ApiKeys.PRODUCE, 1, produce().setAcks((short) 0));
                    client.send(ApiKeys.PRODUCE, 2, produce().setAcks((short) 0));
                }
            }

            // then
            TestListener.await("all are done", () -> handler.threads.size() == 400);
            TestListener.await("no connection is left", () -> listener.usage().connections() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void shouldDrainConnectionsThatHaveMoved(TransportChoice transport) throws Exception {
        ProduceOnLoop handler = new ProduceOnLoop();
        try (TestListener listener = listen(transport, handler)) {
            List<RawClient> clients = new ArrayList<>();
            for (Thread loop : loops(listener)) {
                handler.wanted = () -> loop;
                RawClient client = RawClient.connect(listener.port());
                clients.add(client);
                client.send(ApiKeys.PRODUCE, 1, produce());
                client.readCorrelationId();
            }

            // when
            TestListener.await(listener.listener().stop());

            // then
            for (RawClient client : clients) {
                assertThat(client.isClosedByServer()).isTrue();
                client.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void shouldNotUpsetVertxWithTheEndOfConnectionsThatHaveMoved(TransportChoice transport) throws Exception {
        ProduceOnLoop handler = new ProduceOnLoop();
        try (LogCapture log = LogCapture.of(ConnectionBase.class);
                TestListener listener = listen(transport, handler)) {
            for (Thread loop : loops(listener)) {
                handler.wanted = () -> loop;
                RawClient client = RawClient.connect(listener.port());
                client.send(ApiKeys.PRODUCE, 1, produce());
                client.readCorrelationId();

                // when
                client.close();
                TestListener.await("it is closed", () -> listener.usage().connections() == 0);
            }

            // then
            TestListener.await(listener.listener().stop());
            assertThat(log.lines()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void shouldCloseWhereTheyAreWhatHasMovedAndIsNotAnsweredInTime(TransportChoice transport) throws Exception {
        ProduceOnLoop handler = new ProduceOnLoop();
        handler.isHolding = true;
        try (LogCapture log = LogCapture.of("io.vertx");
                TestListener listener = listen(transport, drainingFor(50), handler)) {
            // given
            List<RawClient> clients = new ArrayList<>();
            for (Thread loop : loops(listener)) {
                handler.wanted = () -> loop;
                for (int i = 0; i < 2; i++) {
                    RawClient client = RawClient.connect(listener.port());
                    clients.add(client);
                    client.send(ApiKeys.PRODUCE, 1, produce());
                    TestListener.await("it is being served", () -> handler.held.size() == clients.size());
                }
            }

            // when
            TestListener.await(listener.listener().stop());

            // then
            assertThat(listener.usage().connections()).isZero();
            for (RawClient client : clients) {
                assertThat(client.isClosedByServer()).isTrue();
                client.close();
            }
            assertThat(log.lines()).isEmpty();
            handler.held.forEach(responder -> responder.send(new ProduceResponseData()));
        }
    }

    private static ListenerLimits drainingFor(long drainMs) {
        ConnectionLimits usual = ListenerLimits.DEFAULTS.connections();
        return Limits.with(new ConnectionLimits(
                usual.maxConnections(),
                usual.maxConnectionsPerIp(),
                usual.idleMs(),
                usual.unfinishedFrameMs(),
                usual.minFrameBytesPerSecond(),
                drainMs));
    }

    private static List<Thread> loops(TestListener listener) throws Exception {
        List<Thread> loops = new ArrayList<>();
        for (EventExecutor loop : ((VertxInternal) listener.vertx()).eventLoopGroup()) {
            loops.add(loop.submit(Thread::currentThread).get());
        }
        return loops;
    }

    private static ProduceRequestData produce() {
        return new ProduceRequestData().setAcks((short) 1).setTimeoutMs(1_000);
    }
}
