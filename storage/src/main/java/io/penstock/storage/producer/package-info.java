/**
 * What each idempotent or transactional producer wrote last, for sequence checks (KIP-98). Pure; owned by the log.
 *
 * <p>Start with {@link io.penstock.storage.producer.ProducerStates}, then {@link io.penstock.storage.producer.ProducerStateTable}.
 * Reads batches with {@code storage.batch}, writes snapshots with the byte formats of {@code storage.file}; touches no disk.
 */
@NullMarked
package io.penstock.storage.producer;

import org.jspecify.annotations.NullMarked;
