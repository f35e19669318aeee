/**
 * The log of one partition: append, read, truncate, retain, recover. Knows batches and offsets, nothing of topics or requests.
 *
 * <p>State is owned by whoever opened the log (one thread at a time); slow disk work runs on the executor given in
 * {@link io.penstock.storage.LogContext}. Start with {@link io.penstock.storage.PartitionLog}, then
 * {@link io.penstock.storage.LogStore} and {@link io.penstock.storage.LogSlices}.
 */
@NullMarked
package io.penstock.storage;

import org.jspecify.annotations.NullMarked;
