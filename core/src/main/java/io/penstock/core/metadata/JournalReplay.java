package io.penstock.core.metadata;

import io.penstock.core.metadata.MetadataRecord.SnapshotEnded;
import org.jspecify.annotations.Nullable;

/**
 * Reads a metadata log from its start: records, and snapshots that stand between them. A snapshot counts from its end mark on; an
 * unfinished one at the end of the log is what a crash left of it, and has no effect. Owned by one thread.
 *
 * <pre>
 * r r r r [s s s s] r r      the image is: s s s s r r
 *         └ the log may start here, once ] is durable
 * r r r r [s s               the image is: r r r r; the rest is to be cut off
 * </pre>
 */
public final class JournalReplay {
    private ImageReplay replay = new ImageReplay(MetadataImage.EMPTY);
    private @Nullable ImageReplay snapshot;
    private long snapshotOffset = -1;
    private int snapshotRecordCount;
    private boolean isComplete;

    /**
     * @param startOffset first offset of the log; above 0 the log must start with a snapshot
     */
    public JournalReplay(long startOffset) {
        isComplete = startOffset == 0;
    }

    /**
     * Takes the next record.
     *
     * @throws CorruptMetadataException it contradicts the earlier ones
     */
    public void replay(long offset, MetadataRecord record) {
        switch (record.kind()) {
            case SNAPSHOT_BEGUN -> beginSnapshot(offset);
            case SNAPSHOT_ENDED -> endSnapshot(offset, (SnapshotEnded) record);
            default -> replayFact(offset, record);
        }
    }

    /**
     * What the records say together.
     *
     * @throws CorruptMetadataException the beginning is missing
     */
    public MetadataImage image() {
        if (!isComplete) {
            throw new CorruptMetadataException("the metadata log does not start with a whole snapshot");
        }
        return replay.image();
    }

    /** Where an unfinished snapshot starts: the log is to be cut there before anything is appended. -1 if there is none. */
    public long unfinishedSnapshotOffset() {
        return snapshot == null ? -1 : snapshotOffset;
    }

    private void beginSnapshot(long offset) {
        if (snapshot != null) {
            throw new CorruptMetadataException("snapshot at " + offset + " begins inside that of " + snapshotOffset);
        }
        snapshot = new ImageReplay(MetadataImage.EMPTY);
        snapshotOffset = offset;
        snapshotRecordCount = 0;
    }

    private void endSnapshot(long offset, SnapshotEnded end) {
        if (snapshot == null || snapshotRecordCount != end.recordCount()) {
            throw new CorruptMetadataException("end of a snapshot of " + end.recordCount() + " records at " + offset
                    + ", found " + (snapshot == null ? "no beginning" : snapshotRecordCount + " records"));
        }
        snapshot.replay(offset, end);
        replay = snapshot;
        snapshot = null;
        isComplete = true;
    }

    private void replayFact(long offset, MetadataRecord record) {
        if (snapshot != null) {
            snapshot.replay(offset, record);
            snapshotRecordCount++;
        } else if (isComplete) {
            replay.replay(offset, record);
        } else {
            throw new CorruptMetadataException("the metadata log starts at " + offset + " without a snapshot");
        }
    }
}
