package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.CountedSlices;
import io.penstock.net.fixture.FetchAnswers;
import io.penstock.net.fixture.LogCapture;
import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.ScriptedHandler;
import io.penstock.net.fixture.SlicesInFile;
import io.penstock.net.fixture.TestListener;
import io.penstock.net.transport.TransportChoice;
import io.penstock.storage.LogSlices;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers that are sent from files, on every transport of this machine. */
@ExtendWith(AlarmExtension.class)
final class FilesOnSocketsIT {
    private static final int IDLE_MS = 500;
    private static final int SLOW_BYTES = 12_000_000;
    private static final int SLOW_READS = 20;

    private final ScriptedHandler fetch = ScriptedHandler.manual(ApiKeys.FETCH);

    @ParameterizedTest
    @EnumSource(
            value = TransportChoice.class,
            names = {"NIO", "EPOLL"})
    void shouldSendFilesWithoutTheirMemory(TransportChoice transport) throws Exception {
        // given
        SlicesInFile slices = SlicesInFile.ofSizes(3_000_000, 100_000, 2_000_000);
        try (TestListener listener = start(transport, ListenerLimits.DEFAULTS, fetch);
                RawClient client = RawClient.connect(listener.port())) {
            client.send(ApiKeys.FETCH, 1, new FetchRequestData());

            // when
            fetch.take().responder().send(FetchAnswers.of(slices));

            // then
            ByteBuffer records = readRecords(client);
            assertThat(records.remaining()).isEqualTo(5_100_000);
            while (records.hasRemaining()) {
                if (records.get() != SlicesInFile.FROM_FILE) {
                    throw new AssertionError("not from the file: byte " + (records.position() - 1));
                }
            }
            TestListener.await("slices given back", () -> slices.references() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportChoice.class,
            names = {"IO_URING"})
    void shouldSendMemoryWhereFilesWouldCostMore(TransportChoice transport) throws Exception {
        // given
        SlicesInFile slices = SlicesInFile.ofSizes(3_000_000, 100_000);
        try (TestListener listener = start(transport, ListenerLimits.DEFAULTS, fetch);
                RawClient client = RawClient.connect(listener.port())) {
            client.send(ApiKeys.FETCH, 1, new FetchRequestData());

            // when
            fetch.take().responder().send(FetchAnswers.of(slices));

            // then
            ByteBuffer records = readRecords(client);
            assertThat(records.remaining()).isEqualTo(3_100_000);
            assertThat(records.get(0)).isZero();
            TestListener.await("slices given back", () -> slices.references() == 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"NIO, true", "EPOLL, true", "NIO, false", "EPOLL, false"})
    void shouldNotTakeClientForIdleThatReadsOneLargeBatchSlowly(TransportChoice transport, boolean inFile)
            throws Exception {
        // given
        LogSlices slices = inFile ? SlicesInFile.ofSizes(SLOW_BYTES) : CountedSlices.ofSizes(SLOW_BYTES);
        ConnectionLimits connections =
                new ConnectionLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, IDLE_MS, 10_000, 1 << 20, 5_000);
        ListenerLimits defaults = ListenerLimits.DEFAULTS;
        ListenerLimits limits = new ListenerLimits(
                defaults.frames(),
                connections,
                defaults.pipeline(),
                defaults.memory(),
                new SocketSettings(1024, 1 << 16, -1));
        try (TestListener listener = start(transport, limits, fetch);
                RawClient client = RawClient.connectSlow(listener.port(), 1 << 16)) {
            client.send(ApiKeys.FETCH, 1, new FetchRequestData());

            // when
            fetch.take().responder().send(FetchAnswers.of(slices));

            // then
            int readBytes = client.readSlowly(SLOW_READS, 5 * IDLE_MS / SLOW_READS);
            assertThat(readBytes).isGreaterThan(SLOW_BYTES);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportChoice.class,
            names = {"NIO", "EPOLL"})
    void shouldCloseOnlyTheConnectionWhoseFileIsTooShort(TransportChoice transport) throws Exception {
        // given
        SlicesInFile slices = SlicesInFile.ofSizes(100_000, 3_000_000).shortenedBy(1_000_000);
        ScriptedHandler metadata = ScriptedHandler.scripted(
                ApiKeys.METADATA, (request, responder) -> responder.send(new MetadataResponseData()));
        try (LogCapture log = LogCapture.of(AnswerQueue.class);
                TestListener listener = start(transport, ListenerLimits.DEFAULTS, fetch, metadata);
                RawClient client = RawClient.connect(listener.port());
                RawClient bystander = RawClient.connect(listener.port())) {
            client.send(ApiKeys.FETCH, 1, new FetchRequestData());

            // when
            fetch.take().responder().send(FetchAnswers.of(slices));

            // then
            TestListener.await("connection closed", () -> listener.usage().connections() == 1);
            TestListener.await("slices given back", () -> slices.references() == 0);
            assertThat(log.lines()).singleElement().asString().contains("shorter", "connectionId");
            bystander.send(ApiKeys.METADATA, 7, new MetadataRequestData());
            assertThat(bystander.readCorrelationId()).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportChoice.class,
            names = {"NIO", "EPOLL"})
    void shouldGiveFilesBackWhenTheClientGoesInTheMidst(TransportChoice transport) throws Exception {
        // given
        SlicesInFile slices = SlicesInFile.ofSizes(10_000_000, 10_000_000);
        try (LogCapture log = LogCapture.of(AnswerQueue.class);
                TestListener listener = start(transport, ListenerLimits.DEFAULTS, fetch);
                RawClient client = RawClient.connectSlow(listener.port(), 4_096)) {
            client.send(ApiKeys.FETCH, 1, new FetchRequestData());
            fetch.take().responder().send(FetchAnswers.of(slices));
            assertThat(slices.references()).isEqualTo(1);

            // when
            client.close();

            // then
            TestListener.await("slices given back", () -> slices.references() == 0);
            assertThat(slices.isFileOpen()).isFalse();
            assertThat(log.lines()).isEmpty();
        }
    }

    private static TestListener start(TransportChoice choice, ListenerLimits limits, ApiHandler... handlers) {
        Transport transport = Transport.NIO;
        try {
            transport = choice.resolve();
        } catch (IllegalStateException e) {
            Assumptions.abort(String.valueOf(e.getMessage()));
        }
        return TestListener.start(transport, limits, FrontendMetrics.NONE, handlers);
    }

    private static ByteBuffer readRecords(RawClient client) throws IOException {
        FetchResponseData answer = client.read(ApiKeys.FETCH, FetchResponseData.class);
        return ((MemoryRecords) answer.responses().get(0).partitions().get(0).records()).buffer();
    }
}
