package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.CountedSlices;
import io.penstock.net.fixture.FetchAnswers;
import io.penstock.net.fixture.LogCapture;
import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.ScriptedHandler;
import io.penstock.net.fixture.ScriptedHandler.Call;
import io.penstock.net.fixture.TestListener;
import io.penstock.net.handler.ApiVersionsHandler;
import io.penstock.net.transport.TransportChoice;
import io.vertx.core.Future;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(AlarmExtension.class)
final class KafkaListenerIT {
    private final ScriptedHandler metadata = ScriptedHandler.scripted(
            ApiKeys.METADATA, (request, responder) -> responder.send(new MetadataResponseData()));

    @Test
    void shouldListenOnBothLoopbackAddressesWithOnePort() throws Exception {
        // given
        InetAddress loopback6 = InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
        assumeTrue(NetworkInterface.getByInetAddress(loopback6) != null, "no IPv6 loopback");
        ScriptedHandler handler = ScriptedHandler.manual(ApiKeys.METADATA);
        try (TestListener listener = TestListener.start(handler);
                RawClient over4 = RawClient.connect(listener.port());
                RawClient over6 = RawClient.connect(loopback6, listener.port())) {
            // when
            over4.send(ApiKeys.METADATA, 1, new MetadataRequestData());
            Call from4 = handler.take();
            over6.send(ApiKeys.METADATA, 2, new MetadataRequestData());
            Call from6 = handler.take();

            // then
            assertThat(from4.request().connection().localHost()).isEqualTo("127.0.0.1");
            assertThat(from4.request().connection().localPort()).isEqualTo(listener.port());
            assertThat(from6.request().connection().remoteAddress().getAddress())
                    .isInstanceOf(Inet6Address.class);
            assertThat(from6.request().connection().localHost()).isEqualTo("0:0:0:0:0:0:0:1");
            from4.responder().send(new MetadataResponseData());
            from6.responder().send(new MetadataResponseData());
            assertThat(over4.readCorrelationId()).isEqualTo(1);
            assertThat(over6.readCorrelationId()).isEqualTo(2);
        }
    }

    @Test
    void shouldRefuseToStartOnPortThatIsTaken() throws Exception {
        try (TestListener listener = TestListener.start(metadata);
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // when
            Future<KafkaListener> start = startOn(listener, taken.getLocalPort());

            // then
            assertThatThrownBy(() -> TestListener.await(start))
                    .hasRootCauseInstanceOf(BindException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void shouldRefuseToShareThePortOfAnotherListenerInTheSameVertx() {
        // given
        try (TestListener probe = TestListener.start(metadata)) {
            int port = probe.port();
            TestListener.await(probe.listener().stop());
            KafkaListener first = TestListener.await(startOn(probe, port));

            // when
            Future<KafkaListener> second = startOn(probe, port);

            // then
            assertThatThrownBy(() -> TestListener.await(second)).isInstanceOf(BindException.class);
            TestListener.await(first.stop());
            TestListener.await(TestListener.await(startOn(probe, port)).stop());
        }
    }

    @Test
    void shouldSendAnswersInFlightBeforeItStops() throws Exception {
        // given
        ScriptedHandler handler = ScriptedHandler.manual(ApiKeys.METADATA);
        try (TestListener listener = TestListener.start(handler);
                RawClient client = RawClient.connect(listener.port());
                RawClient idle = RawClient.connect(listener.port())) {
            client.send(ApiKeys.METADATA, 1, new MetadataRequestData());
            Call call = handler.take();

            // when
            Future<Void> stopped = listener.listener().stop();
            assertThat(idle.isClosedByServer()).isTrue();
            call.responder().send(new MetadataResponseData());

            // then
            assertThat(client.readCorrelationId()).isEqualTo(1);
            assertThat(client.isClosedByServer()).isTrue();
            TestListener.await(stopped);
            assertThatThrownBy(() -> RawClient.connect(listener.port())).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void shouldStopInBoundedTimeWhenAnswersNeverCome() throws Exception {
        // given
        ScriptedHandler handler = ScriptedHandler.manual(ApiKeys.METADATA);
        ConnectionLimits limits = new ConnectionLimits(100, 100, 600_000, 10_000, 1 << 20, 200);
        try (TestListener listener = TestListener.start(Limits.with(limits), handler);
                RawClient client = RawClient.connect(listener.port())) {
            client.send(ApiKeys.METADATA, 1, new MetadataRequestData());
            Call call = handler.take();

            // when
            TestListener.await(listener.listener().stop());

            // then
            assertThat(client.isClosedByServer()).isTrue();
            call.responder().send(new MetadataResponseData());
        }
    }

    @Test
    void shouldRefuseConnectionsAboveTheLimits() throws Exception {
        // given
        ConnectionLimits limits = new ConnectionLimits(3, 2, 600_000, 10_000, 1 << 20, 1_000);
        try (LogCapture log = LogCapture.of(KafkaListener.class);
                TestListener listener = TestListener.start(Limits.with(limits), metadata);
                RawClient first = RawClient.connect(listener.port());
                RawClient second = RawClient.connect(listener.port())) {
            assertServed(first);
            assertServed(second);

            // when
            try (RawClient third = RawClient.connect(listener.port())) {
                // then
                assertThat(third.isClosedByServer()).isTrue();
            }
            assertServed(first);
            assertThat(log.lines()).hasSize(1);

            // and when one of them goes there is room again
            second.close();
            TestListener.await("room", () -> listener.usage().connections() == 1);
            try (RawClient fourth = RawClient.connect(listener.port())) {
                assertServed(fourth);
            }
        }
    }

    @Test
    void shouldLeaveNothingBehindAfterManyShortConnections() throws Exception {
        // given
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (TestListener listener = TestListener.start(metadata)) {
            assertServedOnce(listener);
            long before = system.getOpenFileDescriptorCount();

            // when
            for (int i = 0; i < 500; i++) {
                assertServedOnce(listener);
            }

            // then
            TestListener.await("connections closed", () -> listener.usage().connections() == 0);
            assertThat(system.getOpenFileDescriptorCount()).isLessThan(before + 5);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportChoice.class,
            names = {"NIO", "EPOLL", "IO_URING"})
    void shouldCarrySmallAndLargeFramesOverEveryTransport(TransportChoice choice) throws Exception {
        // given
        Transport transport = available(choice);
        assumeTrue(transport != null, choice + " is not available");
        int largeBytes = 5_000_000;
        ScriptedHandler produce = ScriptedHandler.scripted(ApiKeys.PRODUCE, (request, responder) -> {
            responder.send(new ProduceResponseData().setThrottleTimeMs(Frames.countX(request)));
        });
        ScriptedHandler fetch = ScriptedHandler.scripted(
                ApiKeys.FETCH,
                (request, responder) ->
                        responder.send(FetchAnswers.of(CountedSlices.ofSizes(largeBytes), CountedSlices.ofSizes(10))));
        try (TestListener listener =
                        TestListener.start(transport, ListenerLimits.DEFAULTS, FrontendMetrics.NONE, produce, fetch);
                RawClient client = RawClient.connect(listener.port())) {
            for (int size : new int[] {1, 100, 65_000, 300_000, largeBytes, 10, largeBytes, 20}) {
                // when
                client.sendBytes(Frames.produce(1, size));
                client.send(ApiKeys.FETCH, 2, new FetchRequestData());

                // then
                assertThat(client.read(ApiKeys.PRODUCE, (short) 11, ProduceResponseData.class)
                                .throttleTimeMs())
                        .isEqualTo(size);
                FetchResponseData fetched = client.read(ApiKeys.FETCH, FetchResponseData.class);
                assertThat(fetched.responses().get(0).partitions())
                        .extracting(partition -> partition.records().sizeInBytes())
                        .containsExactly(largeBytes, 10);
            }
        }
    }

    private static @Nullable Transport available(TransportChoice choice) {
        try {
            return choice.resolve(Duration.of(50, ChronoUnit.MICROS));
        } catch (IllegalStateException e) {
            return null;
        }
    }

    @Test
    void shouldReportConnectionsAndRequests() throws Exception {
        // given
        CountingMetrics metrics = new CountingMetrics();
        byte[] request = RawClient.frame(ApiKeys.METADATA, (short) 12, 1, new MetadataRequestData());
        try (TestListener listener = TestListener.start(Transport.NIO, ListenerLimits.DEFAULTS, metrics, metadata)) {
            try (RawClient client = RawClient.connect(listener.port())) {
                // when
                client.sendBytes(request);
                int answerBytes = Integer.BYTES + client.read().remaining();

                // then
                assertThat(metrics.openConnections).hasValue(1);
                assertThat(metrics.requestBytes).hasValue(request.length);
                TestListener.await("answer counted", () -> metrics.answerBytes.get() == answerBytes);
                assertThat(metrics.elapsedNs.get()).isBetween(1L, TimeUnit.SECONDS.toNanos(10));
            }
            TestListener.await("close counted", () -> metrics.openConnections.get() == 0);
        }
    }

    @Test
    void shouldServeKafkasOwnClient() throws Exception {
        // given
        ScriptedHandler cluster = ScriptedHandler.scripted(ApiKeys.DESCRIBE_CLUSTER, (request, responder) -> {
            DescribeClusterResponseData answer =
                    new DescribeClusterResponseData().setClusterId("cluster").setControllerId(1);
            answer.brokers()
                    .add(new DescribeClusterBroker()
                            .setBrokerId(1)
                            .setHost(request.connection().localHost())
                            .setPort(request.connection().localPort()));
            responder.send(answer);
        });
        ScriptedHandler brokers = ScriptedHandler.scripted(ApiKeys.METADATA, (request, responder) -> {
            MetadataResponseData answer =
                    new MetadataResponseData().setClusterId("cluster").setControllerId(1);
            answer.brokers()
                    .add(new MetadataResponseBroker()
                            .setNodeId(1)
                            .setHost(request.connection().localHost())
                            .setPort(request.connection().localPort()));
            responder.send(answer);
        });
        try (TestListener listener = TestListener.start(cluster, brokers);
                Admin admin = Admin.create(
                        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:" + listener.port()))) {
            // then
            assertThat(admin.describeCluster().clusterId().get(10, TimeUnit.SECONDS))
                    .isEqualTo("cluster");
            assertThat(cluster.take().request().connection().clientSoftware().name())
                    .isEqualTo("apache-kafka-java");
        }
    }

    private Future<KafkaListener> startOn(TestListener listener, int port) {
        return KafkaListener.start(
                listener.vertx(),
                new ListenerEndpoint("OTHER", "localhost", port),
                ApiVersionsHandler.registryOf(List.of(metadata), () -> new FeatureLevels(List.of(), 0)),
                ListenerLimits.DEFAULTS,
                FrontendMetrics.NONE);
    }

    private static void assertServedOnce(TestListener listener) throws IOException {
        try (RawClient client = RawClient.connect(listener.port())) {
            assertServed(client);
        }
    }

    private static void assertServed(RawClient client) throws IOException {
        client.send(ApiKeys.METADATA, 9, new MetadataRequestData());
        assertThat(client.readCorrelationId()).isEqualTo(9);
    }

    /** Adds up what is reported. */
    private static final class CountingMetrics implements FrontendMetrics {
        private final AtomicInteger openConnections = new AtomicInteger();
        private final AtomicInteger requestBytes = new AtomicInteger();
        private final AtomicInteger answerBytes = new AtomicInteger();
        private final AtomicLong elapsedNs = new AtomicLong();

        @Override
        public void onConnectionOpened(String listenerName) {
            openConnections.incrementAndGet();
        }

        @Override
        public void onConnectionClosed(String listenerName) {
            openConnections.decrementAndGet();
        }

        @Override
        public void onRequest(ApiKeys api, short version, int bytes) {
            requestBytes.addAndGet(bytes);
        }

        @Override
        public void onAnswer(ApiKeys api, short version, int bytes, long elapsed) {
            elapsedNs.addAndGet(elapsed);
            answerBytes.addAndGet(bytes);
        }
    }
}
