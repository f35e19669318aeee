package io.penstock.net.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.FrameCorpus;
import io.penstock.net.fixture.FrameCorpus.Sample;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Mutates a valid frame of every API and version. Prints its seed when it fails; give it as {@code -Dfuzz.seed}. */
@ExtendWith(AlarmExtension.class)
final class DecoderFuzzTest {
    private static final int SHORT_MS = 4_000;
    private static final int LONG_MS = 180_000;
    private static final int MAX_CONTENT = 8 << 20;

    /** Heap that decoding may take besides 8 bytes for each byte of the frame: its free budget and one rejected array. */
    private static final long FREE_BYTES = 3 << 20;

    /** Length to which a repeated block may grow. */
    private static final int MAX_REPEATED = 256 << 10;

    /** Without leak detection, which would allocate at each access and be mistaken for the decoder. */
    private static final ByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(true, true);

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final RequestDecoder decoder =
            new RequestDecoder((api, version) -> api.isVersionSupported(version), MAX_CONTENT);

    @Test
    void shouldSurviveMutatedFrames() {
        fuzz(SHORT_MS);
    }

    @Test
    @Tag("slow")
    void shouldSurviveMutatedFramesForLong() {
        fuzz(LONG_MS);
    }

    private void fuzz(int durationMs) {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        List<Sample> corpus = new FrameCorpus(seed).requests();
        SplittableRandom random = new SplittableRandom(seed);
        // The first use of a class allocates for the class, not for the frame.
        corpus.forEach(sample -> decode(sample.frame()));
        corpus.forEach(sample -> decode(mutate(sample.frame(), random)));
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(durationMs);
        long count = 0;
        while (System.nanoTime() < endNs) {
            byte[] frame = corpus.get(random.nextInt(corpus.size())).frame();
            byte[] mutated = mutate(frame, random);
            decodeWithinBounds(mutated, seed, count++);
        }
        assertThat(count).isGreaterThan(1_000);
    }

    private void decodeWithinBounds(byte[] frame, long seed, long count) {
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            decode(frame);
        } catch (RuntimeException | Error e) {
            throw new AssertionError("fuzz.seed=" + seed + ", input " + count + ": " + Arrays.toString(frame), e);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated)
                .as(
                        "fuzz.seed=%d, input %d, head %s: bytes allocated for a frame of %d",
                        seed, count, Arrays.toString(Arrays.copyOf(frame, 4)), frame.length)
                .isLessThan(FREE_BYTES + 8L * frame.length);
    }

    /** The decoder's own exception is the expected outcome; any other gets out. */
    private void decode(byte[] bytes) {
        ByteBuf frame = ALLOCATOR.directBuffer(bytes.length).writeBytes(bytes);
        try {
            decoder.decode(frame);
        } catch (MalformedRequestException expected) {
            assertThat(expected.getMessage()).isNotEmpty();
        } finally {
            frame.release();
        }
    }

    private static byte[] mutate(byte[] frame, SplittableRandom random) {
        byte[] mutated = frame;
        for (int i = random.nextInt(4); i >= 0; i--) {
            mutated = mutateOnce(mutated, random);
        }
        return mutated;
    }

    private static byte[] mutateOnce(byte[] frame, SplittableRandom random) {
        if (frame.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int at = random.nextInt(frame.length);
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(frame, at);
            case 1 -> Arrays.copyOf(frame, frame.length + random.nextInt(64));
            case 2 -> with(frame, at, (byte) (frame[at] ^ (1 << random.nextInt(8))));
            case 3 -> with(frame, at, (byte) random.nextInt());
            case 4 -> withExtremeNumber(frame, at, random);
            default -> withBlockRepeated(frame, at, random);
        };
    }

    private static byte[] with(byte[] frame, int at, byte value) {
        byte[] mutated = frame.clone();
        mutated[at] = value;
        return mutated;
    }

    /** Most lengths are numbers of 1, 2 or 4 bytes: makes one of them very large or negative. */
    private static byte[] withExtremeNumber(byte[] frame, int at, SplittableRandom random) {
        byte[] mutated = frame.clone();
        int end = Math.min(frame.length, at + (1 << random.nextInt(4)));
        Arrays.fill(mutated, at, end, (byte) -1);
        if (random.nextBoolean()) {
            mutated[at] = 0x7f;
        }
        return mutated;
    }

    private static byte[] withBlockRepeated(byte[] frame, int at, SplittableRandom random) {
        int blockLength = 1 + random.nextInt(frame.length - at);
        int times = 1 + random.nextInt(Math.max(1, Math.min(200, MAX_REPEATED / blockLength)));
        byte[] mutated = Arrays.copyOf(frame, frame.length + times * blockLength);
        for (int i = 0; i < times; i++) {
            System.arraycopy(frame, at, mutated, at + i * blockLength, blockLength);
        }
        System.arraycopy(frame, at, mutated, at + times * blockLength, frame.length - at);
        return mutated;
    }
}
