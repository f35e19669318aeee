/**
 * Where in a segment an offset, a timestamp or an aborted transaction is. Pure; owned by the log, sealed indexes are immutable.
 *
 * <p>Start with {@link io.penstock.storage.index.SegmentLookup}, then {@link io.penstock.storage.index.SegmentIndexBuilder}. Writes
 * snapshots with the byte formats of {@code storage.file}; touches no disk.
 */
@NullMarked
package io.penstock.storage.index;

import org.jspecify.annotations.NullMarked;
