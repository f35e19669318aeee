/**
 * What compaction keeps and what it drops, for any log: which segments it may look at, which records are the newest of their keys, and
 * what is left of a batch. Pure but for the scratch buffers of a run; every log does its own reading, writing and swapping.
 *
 * <p>Start with {@link io.penstock.storage.compact.CompactionPolicy}, then {@link io.penstock.storage.compact.BatchFilter} and
 * {@link io.penstock.storage.compact.NewestOffsets}. A run is owned by one thread. Depends on {@code storage.batch} and kafka-clients' codecs.
 */
@NullMarked
package io.penstock.storage.compact;

import org.jspecify.annotations.NullMarked;
