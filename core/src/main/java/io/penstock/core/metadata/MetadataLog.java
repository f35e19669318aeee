package io.penstock.core.metadata;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Where metadata records are kept. Owned by the thread that opened it: every method is called there and every stage completes
 * there. No method waits.
 *
 * <p>After any failure the log takes no more appends: whoever owns it must stop changing metadata, since nobody can tell what is
 * on the disk.
 */
public interface MetadataLog {

    /** Reads everything. Comes first, once. Fails with {@link CorruptMetadataException} or {@link FutureMetadataException}. */
    CompletionStage<MetadataImage> open();

    /**
     * Adds groups of records at the end. Each group is there whole or not at all, whatever happens; groups stay in order. Not
     * durable before {@link #sync} says so.
     *
     * @param groups none of them empty
     * @return offset of the first record; each record takes one
     */
    long append(List<List<MetadataRecord>> groups);

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
