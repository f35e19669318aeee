package io.penstock.storage.chronicle;

import io.penstock.storage.LogFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.posix.OpenFlag;
import net.openhft.posix.PosixAPI;
import net.openhft.posix.internal.noop.NoOpPosixAPI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives files real blocks on the disk before they are written through a mapping, where "disk full" would be a fault. Stateless. */
final class FileSpace {
    private static final int ENOSPC = 28;
    private static final int EDQUOT = 122;
    private static final int EOPNOTSUPP = 95;
    private static final int ENOSYS = 38;
    private static final int ZEROS_BYTES = 64 << 10;
    private static final int KEEP_SIZE = 1;
    private static final Logger LOGGER = LoggerFactory.getLogger(FileSpace.class);

    /** Set once a file system without {@code fallocate} was met; before that, no log of it has been written. */
    private static volatile boolean fillsWithZeros;

    private FileSpace() {}

    /** Whether {@link #reserve} may write zeros, so that nobody may write in the range meanwhile. */
    static boolean fillsWithZeros() {
        return fillsWithZeros;
    }

    /**
     * Reserves blocks for [from, to) without changing what the file holds or how long it is. Blocks, though seldom for long.
     *
     * <p>File systems without {@code fallocate} get zeros written, see {@link #fillsWithZeros}.
     *
     * @return false if the disk is full
     */
    static boolean reserve(Path file, long from, long to) throws IOException {
        PosixAPI posix = PosixAPI.posix();
        if (posix instanceof NoOpPosixAPI) {
            // The native library could not be loaded: its calls would "succeed" and do nothing.
            return fillWithZeros(file, from, to);
        }
        int descriptor = posix.open(file.toString(), OpenFlag.O_RDWR, 0);
        if (descriptor < 0) {
            throw new IOException("cannot open " + file + ": " + posix.lastErrorStr());
        }
        int error = 0;
        try {
            if (posix.fallocate(descriptor, KEEP_SIZE, from, to - from) != 0) {
                error = posix.lastError();
            }
        } finally {
            posix.close(descriptor);
        }
        return switch (error) {
            case 0 -> true;
            case ENOSPC, EDQUOT -> false;
            case EOPNOTSUPP, ENOSYS -> fillWithZeros(file, from, to);
            default ->
                throw new IOException("cannot reserve bytes " + from + " to " + to + " of " + file + ": "
                        + posix.strerror(error) + " (errno " + error + ")");
        };
    }

    private static boolean fillWithZeros(Path file, long from, long to) throws IOException {
        if (!fillsWithZeros) {
            LOGGER.warn(
                    "no fallocate below {}: reserving space by writing zeros, which costs bandwidth", file.getParent());
            fillsWithZeros = true;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            writeZeros(channel, from, to);
            return true;
        } catch (IOException e) {
            if (isDiskFull(e)) {
                return false;
            }
            throw e;
        }
    }

    /** Makes [from, to) zeros. */
    static void writeZeros(FileChannel channel, long from, long to) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(ZEROS_BYTES, to - from));
        for (long at = from; at < to; ) {
            zeros.position(0).limit((int) Math.min(zeros.capacity(), to - at));
            at += channel.write(zeros, at);
        }
    }

    /** Whether a failure is a full disk or quota, by the message that the JDK gives: it has no type of its own. */
    static boolean isDiskFull(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            boolean says = message != null
                    && (message.contains("No space left on device") || message.contains("Disk quota exceeded"));
            if (says || cause instanceof LogFullException) {
                return true;
            }
        }
        return false;
    }

    /** Makes a new file whose first {@code bytes} bytes are zeros that are on the disk's books and in the page cache. */
    static void createZeroed(Path file, int bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(bytes);
            while (zeros.hasRemaining()) {
                channel.write(zeros);
            }
        }
    }
}
