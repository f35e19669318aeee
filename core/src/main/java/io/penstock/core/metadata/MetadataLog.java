package io.penstock.core.metadata;

import io.penstock.storage.LogFullException;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Where metadata records are kept. Owned by the thread that opened it: every method is called there and every stage completes
 * there. No method waits.
 *
 * <p>After any other failure the log takes no more appends: whoever owns it must stop changing metadata, since nobody can tell what is
 * on the disk.
 */
public interface MetadataLog {
    /** The log has one writer for ever, so one epoch; from 1, since tools take 0 for a quorum that has not elected yet. */
    int LEADER_EPOCH = 1;

    /** Reads everything. Comes first, once. Fails with {@link CorruptMetadataException} or {@link FutureMetadataException}. */
    CompletionStage<MetadataImage> open();

    /**
     * Adds records at the end. They are there all together or not at all, whatever happens. Not durable before {@link #sync}
     * says so.
     *
     * @param records not empty; at most {@link Decision#MAX_BYTES} as bytes
     * @return offset of the first record; each record takes one
     * @throws LogFullException there is no room now; nothing was written and the log is as good as before
     */
    long append(List<MetadataRecord> records);

    /** Completes when everything appended so far survives the loss of power. Calls that meet share the work. */
    CompletionStage<Void> sync();

    /** Whether so much was appended since the last snapshot that the next one pays. */
    boolean isSnapshotDue();

    /**
     * Writes the image as a snapshot at the end, and drops everything before it once the snapshot is durable. Nothing may be
     * appended until the stage completes.
     *
     * @param image what all records of the log say together
     * @return the new end offset
     */
    CompletionStage<Long> snapshot(MetadataImage image);

    /** Syncs and closes. */
    CompletionStage<Void> close();
}
