package io.penstock.core.runtime;

import io.vertx.core.Future;

/**
 * A partition that this process runs, or is about to run. Immutable.
 *
 * @param deployment completed with the deployment id when the slot is open
 */
record HostedPartition(PartitionSlot slot, PartitionVerticle verticle, Future<String> deployment) {}
