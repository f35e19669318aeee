package io.penstock.bench.micro;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.penstock.bench.load.Frames;
import io.penstock.net.wire.DecodedRequest;
import io.penstock.net.wire.FrameDecoder;
import io.penstock.net.wire.FrameLimits;
import io.penstock.net.wire.RequestDecoder;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A Produce request from the bytes of the socket to its message: first the frame alone, then frame and message. What comes in one read is cut
 * out as a slice; what comes in several is gathered, and the benchmark's copy of each piece into the frame's room stands for the socket's.
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH fills the fields in the set-up methods
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecodeBenchmark {
    private static final FrameLimits LIMITS = new FrameLimits(100 << 20, 8 << 20, 512 << 10);

    @Param({"100", "16000", "160000"})
    private int valueBytes;

    /** Reads from the socket that bring the frame. */
    @Param({"1", "3"})
    private int reads;

    private final RequestDecoder requests =
            new RequestDecoder((api, version) -> api.isVersionSupported(version), LIMITS.maxControlFrameBytes());
    private FrameDecoder frames;
    private ByteBuf arrived;

    @Setup
    public void make() {
        frames = new FrameDecoder(LIMITS, PooledByteBufAllocator.DEFAULT, bytes -> true);
        frames.onTrusted();
        var frame = Frames.produce("bench", 0, (short) 1, 1, valueBytes);
        arrived = PooledByteBufAllocator.DEFAULT.directBuffer(frame.remaining()).writeBytes(frame);
    }

    @TearDown
    public void close() {
        frames.close();
        arrived.release();
    }

    @Benchmark
    public int frame() {
        ByteBuf frame = nextFrame();
        int bytes = frame.readableBytes();
        frame.release();
        return bytes;
    }

    @Benchmark
    public DecodedRequest frameAndMessage() {
        ByteBuf frame = nextFrame();
        DecodedRequest request = requests.decode(frame);
        frame.release();
        return request;
    }

    private ByteBuf nextFrame() {
        int bytes = arrived.readableBytes();
        for (int read = 1, from = 0; read < reads; read++) {
            int to = (int) ((long) bytes * read / reads);
            feed(from, to - from);
            if (frames.next() != null) {
                throw new IllegalStateException("a frame came out before all of it was fed");
            }
            from = to;
        }
        int last = (int) ((long) bytes * (reads - 1) / reads);
        feed(last, bytes - last);
        return Objects.requireNonNull(frames.next(), "no frame although all of it was fed");
    }

    /** As a connection reads: into the unfinished frame if that has room, else into a read buffer. */
    private void feed(int from, int bytes) {
        ByteBuf room = frames.room();
        if (room == null) {
            frames.feed(arrived.retainedSlice(from, bytes));
            return;
        }
        int fitting = Math.min(bytes, room.writableBytes());
        frames.feed(room.writeBytes(arrived, from, fitting));
        if (fitting < bytes) {
            feed(from + fitting, bytes - fitting);
        }
    }
}
