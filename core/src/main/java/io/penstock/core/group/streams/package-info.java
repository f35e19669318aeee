/**
 * What a streams group of KIP-1071 is made of: members, the topology and the topics that it needs, who has which task, what each is
 * to have, and the rules by which a member comes from the one to the other. Values that never change, and functions of them.
 *
 * <p>Reading order: {@link io.penstock.core.group.streams.StreamsMember}, {@link io.penstock.core.group.streams.TopologyPlanner},
 * {@link io.penstock.core.group.streams.StickyTaskAssignor}, {@link io.penstock.core.group.streams.TaskReconciliation}. May use
 * {@code group.record}, {@code group.consumer}'s catalog of topics and targets, and {@code core.collection}; decisions that make
 * records are in {@code core.group}.
 */
@NullMarked
package io.penstock.core.group.streams;

import org.jspecify.annotations.NullMarked;
