package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.FileRegion;
import io.netty.channel.embedded.EmbeddedChannel;
import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.CountedSlices;
import io.penstock.net.fixture.FetchAnswers;
import io.penstock.net.fixture.LogCapture;
import io.penstock.net.fixture.SlicesInFile;
import io.penstock.net.wire.RecordTransfer;
import io.penstock.net.wire.RequestHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

@ExtendWith(AlarmExtension.class)
final class AnswerQueueTest {
    private static final int MEMORY_BYTES = 100;
    private static final PipelineLimits LIMITS = new PipelineLimits(4, 350, 20_000);

    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelDuplexHandler());
    private final FrontendUsage usage = new FrontendUsage(ListenerLimits.DEFAULTS);
    private final AtomicInteger roomCalls = new AtomicInteger();
    private final List<Integer> throttledMs = new ArrayList<>();
    private final List<ByteBuf> frames = new ArrayList<>();
    private final AnswerQueue queue = new AnswerQueue(
            channel.pipeline().firstContext(),
            RecordTransfer.FILES,
            LIMITS,
            FrontendMetrics.NONE,
            usage,
            new RateLimitedLog(LoggerFactory.getLogger(AnswerQueue.class)),
            roomCalls::incrementAndGet,
            throttledMs::add);

    @AfterEach
    void everythingIsGivenBack() {
        channel.finishAndReleaseAll();
        assertThat(usage.inFlightBytes()).isZero();
        assertThat(frames).allSatisfy(frame -> assertThat(frame.refCnt()).isZero());
    }

    @Test
    void shouldHoldAnswersBackUntilEarlierOnesAreGiven() {
        // given
        PendingAnswer first = ask(ApiKeys.METADATA, 1);
        PendingAnswer second = ask(ApiKeys.METADATA, 2);
        PendingAnswer third = ask(ApiKeys.METADATA, 3);

        // when
        third.send(new MetadataResponseData());
        second.send(new MetadataResponseData());

        // then
        assertThat(sent()).isEmpty();
        first.send(new MetadataResponseData());
        assertThat(sent()).containsExactly(1, 2, 3);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void shouldSkipRequestsThatGetNoAnswer() {
        // given
        PendingAnswer first = ask(ApiKeys.PRODUCE, 1);
        PendingAnswer second = ask(ApiKeys.METADATA, 2);

        // when
        second.send(new MetadataResponseData());
        first.sendNothing();

        // then
        assertThat(sent()).containsExactly(2);
    }

    @Test
    void shouldCountOnlyTheFirstAnswer() {
        // given
        PendingAnswer answer = ask(ApiKeys.FETCH, 1);
        CountedSlices late = CountedSlices.ofSizes(5_000);
        answer.send(new FetchResponseData());

        // when
        try (LogCapture log = LogCapture.of(AnswerQueue.class)) {
            answer.send(FetchAnswers.of(late));
            answer.close("too late");
            answer.sendNothing();
            assertThat(log.lines()).hasSize(3);
        }

        // then
        assertThat(sent()).containsExactly(1);
        assertThat(late.references()).isZero();
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void shouldCloseOnlyAfterEarlierAnswers() {
        // given
        PendingAnswer first = ask(ApiKeys.METADATA, 1);
        PendingAnswer second = ask(ApiKeys.PRODUCE, 2);
        PendingAnswer third = ask(ApiKeys.METADATA, 3);

        // when
        second.close("produce without acks failed");
        third.send(new MetadataResponseData());

        // then
        assertThat(channel.isOpen()).isTrue();
        assertThat(queue.hasRoom()).isFalse();
        first.send(new MetadataResponseData());
        assertThat(sent()).containsExactly(1);
        assertThat(channel.isOpen()).isFalse();
        queue.onDead();
    }

    @Test
    void shouldAnswerFailureWithUnknownServerError() {
        // given
        PendingAnswer answer = ask(ApiKeys.FETCH, 1);

        // when
        try (LogCapture log = LogCapture.of(AnswerQueue.class)) {
            answer.fail(new IllegalStateException("expected by the test"));
            assertThat(log.lines()).singleElement().asString().contains("apiKey", "connectionId");
        }

        // then
        channel.flushOutbound();
        ByteBuf bytes = channel.readOutbound();
        assertThat(bytes.getInt(4)).isEqualTo(1);
        assertThat(bytes.getShort(13)).isEqualTo((short) -1);
        bytes.release();
    }

    @Test
    void shouldAnswerUnencodableResponseWithUnknownServerError() {
        // given
        PendingAnswer answer = ask(ApiKeys.METADATA, 1);

        // when
        try (LogCapture log = LogCapture.of(AnswerQueue.class)) {
            answer.send(new MetadataResponseData().setBrokers(null));
            assertThat(log.lines()).hasSize(1);
        }

        // then
        assertThat(sent()).containsExactly(1);
    }

    @Test
    void shouldHaveNoRoomAtEachLimit() {
        // given
        List<PendingAnswer> byBytes =
                List.of(ask(ApiKeys.METADATA, 1), ask(ApiKeys.METADATA, 2), ask(ApiKeys.METADATA, 3));
        assertThat(queue.hasRoom()).isTrue();

        // when
        PendingAnswer fourth = ask(ApiKeys.METADATA, 4);

        // then
        assertThat(queue.hasRoom()).isFalse();
        fourth.send(new MetadataResponseData());
        assertThat(queue.hasRoom()).as("the answer still waits for its turn").isFalse();
        byBytes.forEach(answer -> answer.send(new MetadataResponseData()));
        assertThat(queue.hasRoom()).isTrue();
        assertThat(roomCalls).hasPositiveValue();
        assertThat(sent()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void shouldAdmitNextFetchOnlyWhenTheSocketTookTheAnswerBefore() {
        // given
        CountedSlices slices = CountedSlices.ofSizes(50_000);
        assertThat(queue.admits(ApiKeys.FETCH.id)).isTrue();
        PendingAnswer fetch = ask(ApiKeys.FETCH, 1);
        queue.onReadBegin();

        // when
        fetch.send(FetchAnswers.of(slices));

        // then
        assertThat(queue.admits(ApiKeys.FETCH.id)).isFalse();
        assertThat(queue.admits(ApiKeys.METADATA.id)).isTrue();
        assertThat(slices.references()).isEqualTo(1);
        queue.onReadComplete(false);
        assertThat(queue.admits(ApiKeys.FETCH.id)).isTrue();
        assertThat(slices.references()).isZero();
    }

    @Test
    void shouldDropAnswersAndTellHandlersWhenTheConnectionDies() {
        // given
        AtomicInteger abandoned = new AtomicInteger();
        CountedSlices waiting = CountedSlices.ofSizes(5_000);
        CountedSlices late = CountedSlices.ofSizes(5_000);
        PendingAnswer first = ask(ApiKeys.FETCH, 1);
        PendingAnswer second = ask(ApiKeys.FETCH, 2);
        first.onAbandoned(abandoned::incrementAndGet);
        second.onAbandoned(abandoned::incrementAndGet);
        second.send(FetchAnswers.of(waiting));

        // when
        queue.onDead();

        // then
        assertThat(abandoned).hasValue(1);
        assertThat(waiting.references()).isZero();
        assertThat(frames.get(0).refCnt())
                .as("the handler may still read the frame")
                .isEqualTo(1);
        first.send(FetchAnswers.of(late));
        assertThat(late.references()).isZero();
    }

    @Test
    void shouldRunCleanupAtOnceOnDeadConnection() {
        // given
        AtomicInteger abandoned = new AtomicInteger();
        PendingAnswer answer = ask(ApiKeys.FETCH, 1);
        queue.onDead();

        // when
        answer.onAbandoned(abandoned::incrementAndGet);

        // then
        assertThat(abandoned).hasValue(1);
        answer.sendNothing();
    }

    @Test
    void shouldReleaseSlicesOfWritesThatFail() {
        // given
        CountedSlices slices = CountedSlices.ofSizes(50_000);
        PendingAnswer fetch = ask(ApiKeys.FETCH, 1);
        queue.onReadBegin();
        fetch.send(FetchAnswers.of(slices));

        // when
        assertThatThrownBy(channel::finish)
                .as("what a write without a promise reports to the pipeline")
                .isInstanceOf(ClosedChannelException.class);

        // then
        assertThat(slices.references()).isZero();
        queue.onDead();
    }

    @Test
    void shouldHoldFilesUntilTheSocketTookThem() {
        // given
        SlicesInFile slices = SlicesInFile.ofSizes(50_000, 60_000);
        PendingAnswer fetch = ask(ApiKeys.FETCH, 1);
        queue.onReadBegin();

        // when
        fetch.send(FetchAnswers.of(slices));

        // then
        assertThat(slices.references()).isEqualTo(1);
        assertThat(queue.admits(ApiKeys.FETCH.id)).isFalse();
        queue.onReadComplete(false);
        assertThat(queue.admits(ApiKeys.FETCH.id)).isTrue();
        assertThat(slices.references()).isZero();
        assertThat(channel.outboundMessages())
                .filteredOn(part -> part instanceof FileRegion)
                .hasSize(2);
    }

    @Test
    void shouldReleaseFilesOfAnswersThatWaitWhenTheConnectionDies() {
        // given
        SlicesInFile waiting = SlicesInFile.ofSizes(50_000);
        PendingAnswer first = ask(ApiKeys.METADATA, 1);
        ask(ApiKeys.FETCH, 2).send(FetchAnswers.of(waiting));

        // when
        queue.onDead();

        // then
        assertThat(waiting.references()).isZero();
        first.sendNothing();
    }

    @Test
    void shouldReleaseFilesOfWritesThatFailAndBlameTheClient() {
        // given
        SlicesInFile slices = SlicesInFile.ofSizes(50_000, 60_000);

        // when
        try (LogCapture log = LogCapture.of(AnswerQueue.class)) {
            failToWrite(slices);

            // then
            assertThat(log.lines()).isEmpty();
        }
        assertThat(slices.references()).isZero();
    }

    @Test
    void shouldReportFilesThatAreShorterThanTheirRecords() {
        // given
        SlicesInFile slices = SlicesInFile.ofSizes(50_000, 60_000).shortenedBy(1);

        // when
        try (LogCapture log = LogCapture.of(AnswerQueue.class)) {
            failToWrite(slices);

            // then
            assertThat(log.lines()).singleElement().asString().contains("shorter", "connectionId");
        }
        assertThat(slices.references()).isZero();
    }

    private void failToWrite(SlicesInFile slices) {
        PendingAnswer fetch = ask(ApiKeys.FETCH, 1);
        queue.onReadBegin();
        fetch.send(FetchAnswers.of(slices));
        assertThatThrownBy(channel::finish).isInstanceOf(ClosedChannelException.class);
        queue.onDead();
    }

    private PendingAnswer ask(ApiKeys api, int correlationId) {
        short version = api.latestVersion();
        ApiMessage data = api == ApiKeys.FETCH ? new FetchRequestData() : new MetadataRequestData();
        ByteBuf frame = PooledByteBufAllocator.DEFAULT.directBuffer(10);
        frames.add(frame);
        KafkaRequest request = new KafkaRequest(
                new RequestHeader(api, version, correlationId, "client"), version, data, 10, 0, connection(), frame);
        PendingAnswer answer = new PendingAnswer(queue, channel.eventLoop(), request, frame, MEMORY_BYTES);
        queue.add(answer);
        return answer;
    }

    private static ConnectionInfo connection() {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9092);
        return new ConnectionInfo("TEST-1", "TEST", address, address);
    }

    /** Correlation ids of the answers that have reached the socket; only for answers of one part. */
    private List<Integer> sent() {
        channel.runPendingTasks();
        List<Integer> ids = new ArrayList<>();
        ByteBuf bytes;
        while ((bytes = channel.readOutbound()) != null) {
            if (bytes.isReadable()) {
                ids.add(bytes.getInt(4));
            }
            bytes.release();
        }
        return ids;
    }
}
