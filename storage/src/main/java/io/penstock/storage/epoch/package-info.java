/**
 * Which leader epoch began at which offset (KIP-101). Pure; owned by the log.
 *
 * <p>Start with {@link io.penstock.storage.epoch.LeaderEpochs}, then {@link io.penstock.storage.epoch.LeaderEpochTable}. Writes
 * snapshots with the byte formats of {@code storage.file}; touches no disk.
 */
@NullMarked
package io.penstock.storage.epoch;

import org.jspecify.annotations.NullMarked;
