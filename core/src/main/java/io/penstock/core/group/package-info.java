/**
 * Groups of consumers and the like: who is a member, who has which partitions, how far each group has come. Pure state machines:
 * no Vert.x, no files, no clock, no threads.
 *
 * <p>A {@link io.penstock.core.group.CoordinatorShard} holds the groups of one partition of {@code __consumer_offsets} and is owned
 * by one {@code CoordinatorVerticle}. What it must not forget are the records of {@code group.record}; what a rebalance needs until
 * it ends (who waits for whom) is forgotten with the process, as in Kafka.
 *
 * <p>Two kinds of groups share a shard: in a {@code ClassicGroup} a member divides the partitions, in a {@code ConsumerGroup}
 * (KIP-848) the broker does, with the parts in {@code group.consumer} and {@code group.assignor}.
 *
 * <p>Reading order: {@link io.penstock.core.group.CoordinatorShard}, {@link io.penstock.core.group.Step},
 * {@link io.penstock.core.group.Group}, {@link io.penstock.core.group.ClassicGroup}, {@link io.penstock.core.group.ClassicDraft},
 * {@link io.penstock.core.group.ConsumerGroup}, {@link io.penstock.core.group.ConsumerHeartbeats}. May use kafka-clients' message
 * data classes.
 */
@NullMarked
package io.penstock.core.group;

import org.jspecify.annotations.NullMarked;
