/**
 * One partition as a pure state machine: what may be appended, what may be read, who waits. No Vert.x, no files, no clock.
 *
 * <p>Owned by one {@code PartitionVerticle}. Start with the request and result records, then {@code Partition}. May use
 * {@code storage} and kafka-clients' record and error classes.
 */
@NullMarked
package io.penstock.core.partition;

import org.jspecify.annotations.NullMarked;
