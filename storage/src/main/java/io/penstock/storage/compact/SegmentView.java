package io.penstock.storage.compact;

/**
 * What the choice of segments to compact needs to know of a sealed one. Immutable.
 *
 * @param baseOffset its first offset
 * @param endOffset one past its last
 * @param sizeBytes bytes of its batches
 * @param firstTimestampMs timestamp of its first batch, or -1
 * @param maxTimestampMs largest timestamp, or -1
 * @param settled whether its files are finished, so that they may be read and replaced
 */
public record SegmentView(
        long baseOffset, long endOffset, long sizeBytes, long firstTimestampMs, long maxTimestampMs, boolean settled) {}
