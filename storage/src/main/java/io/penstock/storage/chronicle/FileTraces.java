package io.penstock.storage.chronicle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.posix.OpenFlag;
import net.openhft.posix.PosixAPI;

/** Looks for anything that was written behind the last batch of a sparse file. Stateless; blocks. */
final class FileTraces {
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int CHUNK_BYTES = 64 << 10;
    /** How far to look where the file system cannot tell data from holes. */
    private static final long LOOK_BYTES = 16 << 20;

    private FileTraces() {}

    /** Bytes from {@code position} to the last one that is not zero; 0 if there is none. */
    static long bytesBehind(Path file, long position) throws IOException {
        long end = Math.min(Files.size(file), dataEnd(file, position));
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (end > position) {
                long start = Math.max(position, end - CHUNK_BYTES);
                chunk.clear().limit((int) (end - start));
                while (chunk.hasRemaining() && channel.read(chunk, start + chunk.position()) >= 0) {
                    // until the chunk is full or the file ends
                }
                for (int i = chunk.position() - 1; i >= 0; i--) {
                    if (chunk.get(i) != 0) {
                        return start + i + 1 - position;
                    }
                }
                end = start;
            }
        }
        return 0;
    }

    /** End of the last stretch of data behind {@code position}. */
    private static long dataEnd(Path file, long position) {
        PosixAPI posix = PosixAPI.posix();
        int descriptor = posix.open(file.toString(), OpenFlag.O_RDONLY, 0);
        if (descriptor < 0) {
            return position + LOOK_BYTES;
        }
        try {
            long end = position;
            long data = posix.lseek(descriptor, end, SEEK_DATA);
            while (data >= 0) {
                long hole = posix.lseek(descriptor, data, SEEK_HOLE);
                if (hole <= end) {
                    return position + LOOK_BYTES;
                }
                end = hole;
                data = posix.lseek(descriptor, end, SEEK_DATA);
            }
            return end;
        } finally {
            posix.close(descriptor);
        }
    }
}
