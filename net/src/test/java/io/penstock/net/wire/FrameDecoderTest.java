package io.penstock.net.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.FrameCorpus;
import io.penstock.net.fixture.FrameCorpus.Sample;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AlarmExtension.class)
final class FrameDecoderTest {
    private static final int MAX_FRAME = 100 << 20;
    private static final int MAX_CONTROL = 8 << 20;
    private static final int MAX_FIRST = 512 << 10;

    private boolean mayReserve;

    private final FrameDecoder decoder = new FrameDecoder(
            new FrameLimits(MAX_FRAME, MAX_CONTROL, MAX_FIRST), PooledByteBufAllocator.DEFAULT, bytes -> mayReserve);

    @Test
    void shouldYieldTheSameFramesHoweverTheBytesAreSplitInTwo() {
        // given
        List<byte[]> frames = List.of(produce(30), control(0), control(1), control(2), produce(9));
        byte[] stream = stream(frames);

        for (int split = 0; split <= stream.length; split++) {
            // when
            List<byte[]> found = new ArrayList<>(feed(Arrays.copyOfRange(stream, 0, split)));
            found.addAll(feed(Arrays.copyOfRange(stream, split, stream.length)));

            // then
            assertThat(found).as("split at %d", split).containsExactlyElementsOf(frames);
            assertThat(decoder.isInsideFrame()).isFalse();
            assertThat(decoder.heldBytes()).isZero();
        }
    }

    @Test
    void shouldYieldTheSameFramesWhenBytesComeOneByOne() {
        // given
        List<byte[]> frames =
                new FrameCorpus(3).requests().stream().map(Sample::frame).toList();

        // when
        List<byte[]> found = new ArrayList<>();
        for (byte next : stream(frames)) {
            found.addAll(feed(next));
        }

        // then
        assertThat(found).containsExactlyElementsOf(frames);
    }

    @Test
    void shouldYieldTheSameFramesInChunksOfAnySize() {
        // given
        decoder.onTrusted();
        SplittableRandom random = new SplittableRandom(11);
        List<byte[]> frames = List.of(produce(3_000_000), control(70_000), produce(100), produce(65_536), control(5));
        byte[] stream = stream(frames);

        // when
        List<byte[]> found = new ArrayList<>();
        for (int from = 0; from < stream.length; ) {
            int to = Math.min(stream.length, from + 1 + random.nextInt(200_000));
            found.addAll(feed(Arrays.copyOfRange(stream, from, to)));
            from = to;
        }

        // then
        assertThat(found).containsExactlyElementsOf(frames);
    }

    @Test
    void shouldKeepUndecodedFramesUntilAskedFor() {
        // given
        decoder.feed(direct(stream(List.of(control(10), control(11)))));

        // when
        ByteBuf first = nextFrame();

        // then
        first.release();
        assertThat(decoder.heldBytes()).isPositive();
        assertThat(drain()).hasSize(1);
        assertThat(decoder.heldBytes()).isZero();
    }

    @Test
    void shouldRefuseNegativeAndOversizedLengths() {
        decoder.onTrusted();
        for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, MAX_FRAME + 1, 0x47455420}) {
            // given
            FrameDecoder fresh = new FrameDecoder(
                    new FrameLimits(MAX_FRAME, MAX_CONTROL, MAX_FIRST), PooledByteBufAllocator.DEFAULT, bytes -> false);
            fresh.onTrusted();
            fresh.feed(Unpooled.directBuffer().writeInt(length));

            // then
            assertThatExceptionOfType(MalformedRequestException.class)
                    .as("length %d", length)
                    .isThrownBy(fresh::next);
            fresh.close();
        }
    }

    @Test
    void shouldRefuseLongFirstFrameBeforeItsContentArrives() {
        // given
        decoder.feed(Unpooled.directBuffer().writeInt(MAX_FIRST + 1));

        // then
        assertThatExceptionOfType(MalformedRequestException.class).isThrownBy(decoder::next);
        decoder.close();
    }

    @Test
    void shouldRefuseLongControlFrameAsSoonAsItsKeyIsKnown() {
        // given
        decoder.onTrusted();
        decoder.feed(Unpooled.directBuffer().writeInt(MAX_CONTROL + 1).writeByte(0));
        assertThat(decoder.next()).isNull();

        // when
        decoder.feed(Unpooled.directBuffer().writeByte(ApiKeys.METADATA.id));

        // then
        assertThatExceptionOfType(MalformedRequestException.class).isThrownBy(decoder::next);
        decoder.close();
    }

    @Test
    void shouldHoldMemoryForArrivedBytesNotForTheAnnouncedLength() {
        // given
        decoder.onTrusted();
        decoder.feed(Unpooled.directBuffer().writeInt(MAX_FRAME));
        assertThat(decoder.next()).isNull();
        assertThat(decoder.heldBytes()).isZero();

        // when
        decoder.feed(direct(new byte[10_000]));
        assertThat(decoder.next()).isNull();

        // then
        assertThat(decoder.heldBytes()).isBetween(10_000, 20_000);
        assertThat(decoder.unfinishedBytes()).isEqualTo(10_004);
        decoder.close();
    }

    @Test
    void shouldLetTheSocketReadIntoTheFrame() {
        // given
        decoder.onTrusted();
        byte[] frame = produce(3_000_000);
        byte[] stream = stream(List.of(frame, control(20)));
        decoder.feed(direct(Arrays.copyOf(stream, 60_000)));
        assertThat(decoder.next()).isNull();
        int from = 60_000;

        // when
        List<byte[]> found = new ArrayList<>();
        int reads = 0;
        for (ByteBuf room = decoder.room(); room != null; room = decoder.room()) {
            int read = Math.min(room.writableBytes(), 100_000);
            room.writeBytes(stream, from, read);
            from += read;
            reads++;
            decoder.feed(room);
            found.addAll(drain());
        }
        found.addAll(feed(Arrays.copyOfRange(stream, from, stream.length)));

        // then
        assertThat(reads).isBetween(29, 40);
        assertThat(found).containsExactly(frame, control(20));
        assertThat(decoder.heldBytes()).isZero();
    }

    @Test
    void shouldBearReadsThatBringNothing() {
        // given
        decoder.onTrusted();
        byte[] frame = produce(100_000);
        byte[] stream = stream(List.of(frame));
        decoder.feed(direct(Arrays.copyOf(stream, 1_000)));
        assertThat(decoder.next()).isNull();

        // when
        Objects.requireNonNull(decoder.room()).release();

        // then
        assertThat(feed(Arrays.copyOfRange(stream, 1_000, stream.length))).containsExactly(frame);
    }

    @Test
    void shouldReserveOnlyWhatTheConnectionHasSentBeforeAndOnlyIfItMay() {
        // given
        decoder.onTrusted();
        byte[] begin = Arrays.copyOf(stream(List.of(produce(400_000))), 1_000);
        feed(stream(List.of(produce(300_000))).clone());
        feed(Arrays.copyOf(stream(List.of(produce(300_000))), 1_000));
        assertThat(decoder.heldBytes()).as("not allowed").isLessThan(5_000);
        feed(Arrays.copyOfRange(stream(List.of(produce(300_000))), 1_000, 300_004));

        // when
        mayReserve = true;
        feed(begin);

        // then
        assertThat(decoder.heldBytes()).isBetween(300_000, 350_000);
        decoder.close();
    }

    @Test
    void shouldSliceProduceFrameThatFillsItsReadBuffer() {
        // given
        ByteBuf input = direct(stream(List.of(produce(5_000))));
        decoder.feed(input.retain());

        // when
        ByteBuf frame = nextFrame();

        // then
        assertThat(frame.memoryAddress()).isEqualTo(input.memoryAddress() + Integer.BYTES);
        frame.release();
        input.release();
    }

    @Test
    void shouldCopySmallProduceFrameOutOfLargeReadBuffer() {
        // given
        ByteBuf input = PooledByteBufAllocator.DEFAULT.directBuffer(65_536).writeBytes(stream(List.of(produce(100))));
        decoder.feed(input);

        // when
        ByteBuf frame = nextFrame();

        // then
        assertThat(input.refCnt()).isZero();
        frame.release();
    }

    @Test
    void shouldYieldProduceFramesInDirectMemory() {
        // given
        decoder.feed(Unpooled.wrappedBuffer(stream(List.of(produce(100)))));

        // when
        ByteBuf frame = nextFrame();

        // then
        assertThat(frame.isDirect()).isTrue();
        frame.release();
    }

    private ByteBuf nextFrame() {
        return Objects.requireNonNull(decoder.next());
    }

    private List<byte[]> feed(byte... bytes) {
        decoder.feed(direct(bytes));
        return drain();
    }

    private List<byte[]> drain() {
        List<byte[]> frames = new ArrayList<>();
        ByteBuf frame;
        while ((frame = decoder.next()) != null) {
            byte[] bytes = new byte[frame.readableBytes()];
            frame.readBytes(bytes).release();
            frames.add(bytes);
        }
        return frames;
    }

    private static ByteBuf direct(byte[] bytes) {
        return PooledByteBufAllocator.DEFAULT
                .directBuffer(Math.max(1, bytes.length))
                .writeBytes(bytes);
    }

    private static byte[] produce(int length) {
        byte[] frame = random(length);
        frame[0] = 0;
        frame[1] = (byte) ApiKeys.PRODUCE.id;
        return frame;
    }

    private static byte[] control(int length) {
        byte[] frame = random(length);
        if (length >= 2) {
            frame[0] = 0;
            frame[1] = (byte) ApiKeys.METADATA.id;
        }
        return frame;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] stream(List<byte[]> frames) {
        int size =
                frames.stream().mapToInt(frame -> Integer.BYTES + frame.length).sum();
        ByteBuffer stream = ByteBuffer.allocate(size);
        frames.forEach(frame -> stream.putInt(frame.length).put(frame));
        return stream.array();
    }
}
