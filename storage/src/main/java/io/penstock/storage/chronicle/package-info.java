/**
 * The log of a partition on Chronicle Queue. The only package that may import {@code net.openhft}.
 *
 * <p>A segment is a Chronicle queue of one cycle in a directory of its own; a batch is one excerpt. The owner of the log appends and
 * reads what it just appended; everything that can wait for the disk (creating, reserving, syncing, sealing, scanning, cold reads)
 * runs on the disk executor. Start with {@link io.penstock.storage.chronicle.ChronicleLog}, then
 * {@link io.penstock.storage.chronicle.ActiveSegment} and {@link io.penstock.storage.chronicle.LogRecovery}. The file formats and the
 * reasons are in {@code storage/README.md}.
 */
@NullMarked
package io.penstock.storage.chronicle;

import org.jspecify.annotations.NullMarked;
