/**
 * Logs in memory, for tests and for embedding applications that need no durability: the same contract as the log on disk, but for
 * what a crash leaves.
 *
 * <p>Each log is owned as {@link io.penstock.storage.LogContext} says; what several threads share (chunks, slices, the budget, the
 * store's map) is safe from any. Start with {@link io.penstock.storage.memory.InMemoryLogStore} and
 * {@link io.penstock.storage.memory.InMemoryLog}. Uses the other packages of storage, but no file.
 */
@NullMarked
package io.penstock.storage.memory;

import org.jspecify.annotations.NullMarked;
