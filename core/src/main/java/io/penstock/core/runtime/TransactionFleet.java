package io.penstock.core.runtime;

import io.penstock.config.BrokerConfig;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.transaction.TransactionShard;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import org.apache.kafka.common.internals.Topic;

/**
 * The coordinators of transactions that this broker runs: one for each partition of {@code __transaction_state} that it leads.
 *
 * <p>{@link #send} is safe from any thread; the other methods are called by the one owner of the broker's metadata, one after another.
 */
final class TransactionFleet {
    private final ShardFleet<LiveTransactions, TransactionShard> fleet;

    TransactionFleet(Vertx vertx, int nodeId, TransactionHost host) {
        this.fleet = new ShardFleet<>(
                vertx,
                nodeId,
                Topic.TRANSACTION_STATE_TOPIC_NAME,
                host,
                partition -> (maxBatchBytes, owner, timers) ->
                        new LiveTransactions(partition, maxBatchBytes, host, owner, timers));
    }

    /** Asks the coordinator of a partition; refuses in its name if it is not here. */
    void send(int partitionIndex, CoordinatorCall<TransactionShard> call) {
        fleet.send(partitionIndex, call);
    }

    /** The partitions whose coordinators are here. */
    Collection<Integer> partitions() {
        return fleet.partitions();
    }

    /**
     * Follows the metadata: deploys and undeploys coordinators.
     *
     * @return completed when all that should be here are deployed; they may still load
     */
    Future<Void> onImage(MetadataImage image, BrokerConfig config) {
        return fleet.onImage(image, config);
    }

    /** The broker is about to stop. Safe from any thread. */
    void drain() {
        fleet.drain();
    }

    /** Undeploys all coordinators; whoever waits is told to look for others. Transactions that are prepared are carried on later. */
    Future<Void> close() {
        return fleet.close();
    }
}
