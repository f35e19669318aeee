package io.penstock.core.partition;

import io.penstock.core.dedup.MessageIds;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Takes the message ids out of the records of one batch while {@link RecordWalk} passes over them. Memory is 16 bytes for each record.
 *
 * <p>Owned by one {@link BatchValidator}, which starts it for every batch.
 */
final class IdCollector {
    private static final byte[] NONE = new byte[0];

    private final MessageDigest digest;
    private final byte[] hash;
    private byte[] header = NONE;
    private long[] halves = new long[0];
    private boolean any;

    IdCollector() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        hash = new byte[digest.getDigestLength()];
    }

    /** Starts on a batch. */
    void start(byte[] headerName, int recordCount) {
        header = headerName;
        halves = new long[2 * recordCount];
        any = false;
        digest.reset(); // the batch before may have broken off in the midst of an id
    }

    /** The header to look for. */
    byte[] header() {
        return header;
    }

    /** Reads the id of a record; null and empty ones are none. */
    void see(int index, RecordBytes bytes, int idBytes) {
        if (idBytes <= 0) {
            halves[2 * index] = 0;
            halves[2 * index + 1] = 0;
            return;
        }
        bytes.digest(idBytes, digest);
        note(index);
    }

    /** As {@link #see(int, RecordBytes, int)}, of an id that is in memory. */
    void see(int index, ByteBuffer id) {
        if (id.hasRemaining()) {
            digest.update(id);
            note(index);
        }
    }

    private void note(int index) {
        try {
            digest.digest(hash, 0, hash.length);
        } catch (DigestException e) {
            throw new IllegalStateException("the buffer is as long as the digest", e);
        }
        ByteBuffer whole = ByteBuffer.wrap(hash);
        halves[2 * index] = whole.getLong(0);
        // Two zeros mean that there is no id.
        halves[2 * index + 1] = whole.getLong(8) == 0 ? 1 : whole.getLong(8);
        any = true;
    }

    /** The ids of the batch; null if no record has one. */
    @Nullable
    MessageIds finish() {
        MessageIds ids = any ? new MessageIds(halves) : null;
        halves = new long[0];
        return ids;
    }
}
