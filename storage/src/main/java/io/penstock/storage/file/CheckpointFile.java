package io.penstock.storage.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A small file that is replaced as a whole, and whose damage is always noticed.
 *
 * <p>The content is the payload in the frame of {@link SealedWriter}, magic {@code PNCP}. {@link #write} is atomic and durable, see
 * {@link DurableFiles#replace}. Holds no state but the path; one writer at a time. Blocks: disk threads only.
 */
public final class CheckpointFile {
    /** Larger payloads are refused when written and taken for damage when read. */
    public static final int MAX_PAYLOAD_BYTES = 1 << 28;

    private static final int MAGIC = SealedWriter.magic("PNCP");
    private static final int VERSION = 1;

    private final Path path;

    public CheckpointFile(Path path) {
        this.path = path;
    }

    public Path path() {
        return path;
    }

    /** Replaces the payload. When this returns, the new one survives the loss of power; when it throws, the old one is still there. */
    public void write(byte[] payload) throws IOException {
        if (payload.length > MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException(
                    path + ": payload of " + payload.length + " bytes is above " + MAX_PAYLOAD_BYTES);
        }
        byte[] sealed = new SealedWriter(MAGIC, VERSION, payload.length)
                .putBytes(payload)
                .toBytes();
        DurableFiles.replace(path, ByteBuffer.wrap(sealed));
    }

    /**
     * Reads the payload.
     *
     * @return null if there is no such file
     * @throws CorruptFileException the content is not what was written
     * @throws FutureVersionException a newer build wrote it
     */
    public byte @Nullable [] read() throws IOException {
        byte[] sealed = readAll();
        if (sealed == null) {
            return null;
        }
        SealedReader reader = SealedReader.open(sealed, MAGIC, VERSION, path.toString());
        return reader.readBytes(sealed.length - SealedWriter.HEADER_BYTES);
    }

    private byte @Nullable [] readAll() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > MAX_PAYLOAD_BYTES + SealedWriter.HEADER_BYTES) {
                throw new CorruptFileException(path + ": expected at most " + MAX_PAYLOAD_BYTES
                        + " bytes of payload, found a file of " + size);
            }
            ByteBuffer content = ByteBuffer.allocate((int) size);
            while (content.hasRemaining()) {
                if (channel.read(content) < 0) {
                    throw new EOFException(path + ": shrank from " + size + " bytes while it was read");
                }
            }
            return content.array();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Deletes the file, if it exists; when this returns, that survives the loss of power. */
    public void delete() throws IOException {
        DurableFiles.delete(path);
    }
}
