/**
 * The verticles that own partitions and metadata, and everything that gives the pure state machines a thread, a clock and a disk.
 *
 * <p>Each verticle owns its state on one event loop; other threads reach it only by message. Start with
 * {@link io.penstock.core.runtime.PartitionFleet}, then {@link io.penstock.core.runtime.PartitionVerticle} and
 * {@link io.penstock.core.runtime.LivePartition}.
 */
@NullMarked
package io.penstock.core.runtime;

import org.jspecify.annotations.NullMarked;
