package io.penstock.storage.compact;

/**
 * What a run of the compaction has come to. Immutable.
 *
 * @param outcome how it ended
 * @param firstDirtyOffset where the next run will begin
 * @param bytesRead bytes of the batches that were rewritten
 * @param bytesWritten bytes of what was left of them
 * @param recordsRead records in those batches
 * @param recordsKept records that were left
 * @param tablePercent how full the table of keys was
 */
public record CompactionReport(
        Outcome outcome,
        long firstDirtyOffset,
        long bytesRead,
        long bytesWritten,
        long recordsRead,
        long recordsKept,
        double tablePercent) {

    /** How a run ended. */
    public enum Outcome {
        /** There was nothing to do. */
        NOTHING,
        /** All that could be compacted is. */
        DONE,
        /** The table of keys was full: a first part is done, and more is to be done now. */
        PARTLY,
        /** The log was closed, cut or changed meanwhile; segments that were replaced until then stay replaced. */
        STOPPED
    }

    /** Nothing was done. */
    public static CompactionReport of(Outcome outcome, long firstDirtyOffset) {
        return new CompactionReport(outcome, firstDirtyOffset, 0, 0, 0, 0, 0);
    }
}
