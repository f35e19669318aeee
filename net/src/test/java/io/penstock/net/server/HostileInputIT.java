package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.LogCapture;
import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.ScriptedHandler;
import io.penstock.net.fixture.TestListener;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AlarmExtension.class)
final class HostileInputIT {
    private static final int ANNOUNCED = 100 << 20;
    private static final ConnectionLimits IMPATIENT =
            new ConnectionLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, 600_000, 300, 1 << 20, 5_000);

    private final LogCapture log = LogCapture.of(KafkaListener.class);
    private final ScriptedHandler metadata = ScriptedHandler.scripted(
            ApiKeys.METADATA, (request, responder) -> responder.send(new MetadataResponseData()));

    @AfterEach
    void closeLog() {
        log.close();
    }

    @Test
    void shouldCloseConnectionThatSendsNoFrame() throws Exception {
        try (TestListener listener = TestListener.start(metadata)) {
            List<byte[]> inputs = List.of(
                    "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                    new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, (byte) 0xfc},
                    bytes(-1),
                    bytes(Integer.MIN_VALUE),
                    bytes(Integer.MAX_VALUE),
                    bytes(0),
                    bytes(ANNOUNCED),
                    bytes(4, 0xffff_ffff),
                    bytes(10, 0x7fff_0000, 1, 0, 0),
                    bytes(10, 3 << 16 | 99, 1, 0, 0),
                    bytes(10, 1 << 16 | 4, 1, 0, 0));
            for (byte[] input : inputs) {
                // given
                try (RawClient client = RawClient.connect(listener.port())) {
                    // when
                    client.sendBytes(input);

                    // then
                    assertThat(client.isClosedByServer())
                            .as(Arrays.toString(input))
                            .isTrue();
                }
            }
            assertServed(listener);
        }
    }

    @Test
    void shouldAnswerApiVersionsOfTheFutureWithOurRange() throws Exception {
        // given
        try (TestListener listener = TestListener.start(metadata);
                RawClient client = RawClient.connect(listener.port())) {
            ByteBuffer request = ByteBuffer.allocate(20).putInt(16);
            request.putShort(ApiKeys.API_VERSIONS.id)
                    .putShort((short) 99)
                    .putInt(5)
                    .putShort((short) -1);

            // when
            client.sendBytes(request.array());

            // then
            ApiVersionsResponseData answer =
                    client.read(ApiKeys.API_VERSIONS, (short) 0, ApiVersionsResponseData.class);
            assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
            assertThat(answer.apiKeys().find(ApiKeys.API_VERSIONS.id).maxVersion())
                    .isEqualTo(ApiKeys.API_VERSIONS.latestVersion());

            // and the connection goes on
            hello(client);
        }
    }

    @Test
    void shouldCloseConnectionWhoseFrameStopsHalfWay() throws Exception {
        // given
        try (TestListener listener = TestListener.start(Limits.with(IMPATIENT), metadata);
                RawClient inLength = RawClient.connect(listener.port());
                RawClient inFrame = RawClient.connect(listener.port());
                RawClient idle = RawClient.connect(listener.port())) {
            // when
            inLength.sendBytes(new byte[] {0, 0});
            inFrame.sendBytes(bytes(1_000, 3 << 16));

            // then
            assertThat(inLength.isClosedByServer()).isTrue();
            assertThat(inFrame.isClosedByServer()).isTrue();
            hello(idle);
        }
    }

    @Test
    void shouldCloseIdleConnections() throws Exception {
        // given
        ConnectionLimits limits =
                new ConnectionLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, 200, 10_000, 1 << 20, 5_000);
        try (TestListener listener = TestListener.start(Limits.with(limits), metadata);
                RawClient client = RawClient.connect(listener.port())) {
            // when
            hello(client);

            // then
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void shouldBearManyConnectionsThatAnnounceHugeFrames() throws Exception {
        // given
        int connections = 200;
        List<RawClient> flood = new ArrayList<>();
        try (TestListener listener = TestListener.start(metadata);
                RawClient bystander = RawClient.connect(listener.port())) {
            for (int i = 0; i < connections; i++) {
                flood.add(RawClient.connect(listener.port()));
                hello(flood.get(i));
            }
            long before = memoryInUse();

            // when
            for (RawClient client : flood) {
                client.sendBytes(bytes(ANNOUNCED, 11));
                hello(bystander);
            }
            TestListener.await("all have arrived", () -> listener.usage().unfinishedBytes() > 0);

            // then
            assertThat(memoryInUse() - before).isLessThan(50 << 20);
            assertThat(listener.usage().unfinishedBytes()).isLessThan(1 << 20);
            hello(bystander);
        } finally {
            closeAll(flood);
        }
    }

    @Test
    void shouldBoundTheMemoryOfHugeFramesThatReallyArrive() throws Exception {
        // given
        int connections = 60;
        int sent = 2 << 20;
        long limit = 8 << 20;
        List<RawClient> flood = new ArrayList<>();
        try (TestListener listener = TestListener.start(Limits.with(new MemoryLimits(limit, 128 << 20)), metadata);
                RawClient bystander = RawClient.connect(listener.port())) {
            List<Thread> senders = new ArrayList<>();
            byte[] produce = ByteBuffer.allocate(sent)
                    .putInt(ANNOUNCED)
                    .putShort((short) 0)
                    .array();
            for (int i = 0; i < connections; i++) {
                RawClient client = RawClient.connect(listener.port());
                hello(client);
                flood.add(client);
                senders.add(startSender(client, produce));
            }

            // when
            TestListener.await("the limit is reached", () -> listener.usage().unfinishedBytes() >= limit);
            for (int i = 0; i < 100; i++) {
                hello(bystander);
                // then one frame in progress may exceed the limit, and each connection may have begun one
                assertThat(listener.usage().unfinishedBytes())
                        .isLessThan(limit + (1 << 20) + 2L * sent + connections * (64L << 10));
            }
            closeAll(flood);
            for (Thread sender : senders) {
                sender.join();
            }
            TestListener.await("memory is given back", () -> listener.usage().unfinishedBytes() == 0);
            hello(bystander);
        } finally {
            closeAll(flood);
        }
    }

    @Test
    void shouldLetClientsWithHugeFramesFinishOneAfterAnotherWhenMemoryIsShort() throws Exception {
        // given
        ScriptedHandler produce =
                ScriptedHandler.scripted(ApiKeys.PRODUCE, (request, responder) -> responder.sendNothing());
        int clients = 8;
        try (TestListener listener = TestListener.start(Limits.with(new MemoryLimits(1 << 20, 128 << 20)), produce)) {
            List<RawClient> writers = new ArrayList<>();
            List<Thread> senders = new ArrayList<>();
            byte[] frame = Frames.produce(1, 3 << 20);
            for (int i = 0; i < clients; i++) {
                RawClient client = RawClient.connect(listener.port());
                hello(client);
                writers.add(client);
            }

            // when
            for (RawClient client : writers) {
                senders.add(startSender(client, frame));
            }

            // then
            for (int i = 0; i < clients; i++) {
                assertThat(produce.take().request().frameBytes()).isEqualTo(frame.length - Integer.BYTES);
            }
            for (Thread sender : senders) {
                sender.join();
            }
            closeAll(writers);
        }
    }

    private void assertServed(TestListener listener) throws IOException {
        try (RawClient client = RawClient.connect(listener.port())) {
            client.send(ApiKeys.METADATA, 8, new MetadataRequestData());
            assertThat(client.readCorrelationId()).isEqualTo(8);
        }
    }

    private static void hello(RawClient client) throws IOException {
        client.send(
                ApiKeys.API_VERSIONS,
                3,
                new ApiVersionsRequestData().setClientSoftwareName("raw").setClientSoftwareVersion("1"));
        assertThat(client.readCorrelationId()).isEqualTo(3);
    }

    /** Sends in the background; that the server closes the connection or stops reading is part of the tests. */
    private static Thread startSender(RawClient client, byte[] bytes) {
        Thread sender = new Thread(() -> {
            try {
                client.sendBytes(bytes);
            } catch (IOException e) {
                assertThat(e).isNotNull();
            }
        });
        sender.start();
        return sender;
    }

    private static void closeAll(List<RawClient> clients) throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
    }

    private static long memoryInUse() {
        System.gc();
        return PlatformDependent.usedDirectMemory()
                + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static byte[] bytes(int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * numbers.length);
        for (int number : numbers) {
            bytes.putInt(number);
        }
        return bytes.array();
    }
}
