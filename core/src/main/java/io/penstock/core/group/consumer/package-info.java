/**
 * What a consumer group of KIP-848 is made of: members, what they subscribe to, who holds which partition, what each is to hold, and
 * the rules by which a member comes from the one to the other. Values that never change: a record makes the next one of them.
 *
 * <p>Reading order: {@link io.penstock.core.group.consumer.ConsumerMember}, {@link io.penstock.core.group.consumer.Roster},
 * {@link io.penstock.core.group.consumer.Reconciliation}. May use {@code group.record} and {@code core.collection}; decisions that
 * make records are in {@code core.group}.
 */
@NullMarked
package io.penstock.core.group.consumer;

import org.jspecify.annotations.NullMarked;
