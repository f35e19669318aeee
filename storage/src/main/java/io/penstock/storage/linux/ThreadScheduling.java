package io.penstock.storage.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * How the kernel shares the processors among the threads of this process. Needs no privilege: a thread only asks for less time at once,
 * or for less time. Each call is about the calling thread, takes a microsecond after the first one, and answers whether the kernel did it;
 * the first loads classes, so it is not for an event loop.
 *
 * <p>The kernel's structure, {@code struct sched_attr}, see {@code sched_setattr(2)}:
 *
 * <pre>
 *  0 size u32   4 policy u32   8 flags u64   16 nice s32   20 priority u32   24 runtime u64   32 deadline u64   40 period u64
 * </pre>
 */
public final class ThreadScheduling {
    private static final int ATTRIBUTES_BYTES = 48;
    private static final int SIZE_AT = 0;
    private static final int POLICY_AT = 4;
    private static final int NICE_AT = 16;
    private static final int SLICE_AT = 24;

    /** Of an ordinary thread; what else is asked for from outside stays as it is. */
    private static final int SCHED_OTHER = 0;
    /** The shortest that the kernel allows: who has a shorter slice than the thread that runs takes its processor when it is woken. */
    private static final long SHORT_SLICE_NS = 100_000;

    private static final int BACKGROUND_NICE = 5;

    private ThreadScheduling() {}

    /** Numbers of two system calls, which differ by processor. */
    private record Numbers(long get, long set) {
        static @Nullable Numbers here() {
            return switch (System.getProperty("os.arch", "")) {
                case "amd64", "x86_64" -> new Numbers(315, 314);
                case "aarch64" -> new Numbers(275, 274);
                default -> null;
            };
        }
    }

    /** Loads what the other calls need. Blocks for some ten milliseconds. */
    public static boolean load() {
        return read() != null;
    }

    /** For a thread that is woken often and has little to do each time: it does not wait for the slice of whoever runs (Linux 6.12). */
    public static boolean runSoonWhenWoken() {
        ByteBuffer attributes = read();
        return attributes != null && write(attributes.putLong(SLICE_AT, SHORT_SLICE_NS));
    }

    /** For a thread whose work can wait: while others have something to do it gets about a third of their share, never nothing. */
    public static boolean standBack() {
        ByteBuffer attributes = read();
        return attributes != null
                && write(attributes.putInt(NICE_AT, Math.max(BACKGROUND_NICE, attributes.getInt(NICE_AT))));
    }

    /** Nanoseconds that this thread may run at a time; 0 if unknown. */
    public static long sliceNs() {
        ByteBuffer attributes = read();
        return attributes == null ? 0 : attributes.getLong(SLICE_AT);
    }

    /** This thread's niceness; 0 is usual, 19 the lowest priority. */
    public static int nice() {
        ByteBuffer attributes = read();
        return attributes == null ? 0 : attributes.getInt(NICE_AT);
    }

    /** Null if the thread is not an ordinary one, or cannot be asked. */
    private static @Nullable ByteBuffer read() {
        LibC.Calls libC = LibC.calls();
        Numbers numbers = Numbers.here();
        if (libC == null || numbers == null) {
            return null;
        }
        byte[] bytes = new byte[ATTRIBUTES_BYTES];
        boolean known = libC.syscall(numbers.get(), 0, bytes, ATTRIBUTES_BYTES, 0) == 0;
        ByteBuffer attributes = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        return known && attributes.getInt(POLICY_AT) == SCHED_OTHER ? attributes : null;
    }

    private static boolean write(ByteBuffer attributes) {
        LibC.Calls libC = LibC.calls();
        Numbers numbers = Numbers.here();
        byte[] bytes = new byte[ATTRIBUTES_BYTES];
        attributes.putInt(SIZE_AT, ATTRIBUTES_BYTES).get(0, bytes);
        return libC != null && numbers != null && libC.syscall(numbers.set(), 0, bytes, 0) == 0;
    }
}
