package io.penstock.core.runtime;

import io.penstock.core.group.Now;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.transaction.MarkersToWrite;
import io.penstock.core.transaction.TransactionCommands;
import io.penstock.core.transaction.TransactionRecord;
import io.penstock.core.transaction.TransactionShard;
import io.penstock.core.transaction.TransactionSurroundings;
import io.vertx.core.AsyncResult;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactional ids of one partition: a {@link LiveShard} of transactions, with what happens around them – producer ids are got,
 * markers are written, ids grow old. Owned by one event loop.
 */
final class LiveTransactions implements CoordinatorVerticle.Live<TransactionShard> {
    private static final Logger LOGGER = LoggerFactory.getLogger(LiveTransactions.class);

    private final PartitionImage partition;
    private final TransactionHost host;
    private final Executor owner;
    private final Timers timers;
    private final LiveShard<TransactionShard, TransactionRecord> live;
    /** Of the shard that is in use, or being loaded. */
    private @Nullable Surroundings surroundings;

    /**
     * A coordinator that knows nothing yet: {@link #start} it.
     *
     * @param partition with its leader epoch
     * @param maxBatchBytes largest batch that the partition takes
     */
    LiveTransactions(PartitionImage partition, int maxBatchBytes, TransactionHost host, Executor owner, Timers timers) {
        this.partition = partition;
        this.host = host;
        this.owner = owner;
        this.timers = timers;
        this.live = new LiveShard<>(partition.id(), maxBatchBytes, host, owner, timers, new Transactions());
    }

    /** Transactions, as a kind of shard. */
    private final class Transactions implements LiveShard.Kind<TransactionShard, TransactionRecord> {
        @Override
        public String name() {
            return "Transactions";
        }

        @Override
        public TransactionShard newShard(int maxBatchBytes) {
            cancelSurroundings();
            Surroundings fresh = new Surroundings();
            surroundings = fresh;
            TransactionShard shard =
                    new TransactionShard(host.settings(), fresh, partition.leaderEpoch(), maxBatchBytes);
            fresh.shard = shard;
            return shard;
        }

        @Override
        public void decode(ByteBuffer batches, List<TransactionRecord> into) {
            TransactionBatches.decode(batches, into);
        }

        @Override
        public void onReady(TransactionShard shard) {
            int count = shard.states().size();
            if (count > 0) {
                LOGGER.atDebug()
                        .addKeyValue("partition", partition.id().index())
                        .addKeyValue("transactionalIds", count)
                        .log("Transactions are loaded");
            }
        }
    }

    /** Works for one shard until another takes its place. */
    private final class Surroundings implements TransactionSurroundings {
        private final MarkerWriter markers = new MarkerWriter(host, owner, timers, this::onMarkersWritten);
        private @Nullable TransactionShard shard;

        @Override
        public void allocateProducerId(String transactionalId) {
            host.producerIds().get().onComplete(next -> owner.execute(() -> onProducerId(transactionalId, next)));
        }

        private void onProducerId(String transactionalId, AsyncResult<Long> next) {
            tellShard((known, now) -> {
                if (next.succeeded()) {
                    known.onProducerId(transactionalId, next.result(), now);
                } else {
                    LOGGER.warn("No producer id could be allocated", next.cause());
                    known.onNoProducerId(transactionalId, errorOf(next.cause()), now);
                }
            });
        }

        /** Producers ask again after a refusal that is known, where an unforeseen error would end them. */
        private static Errors errorOf(Throwable cause) {
            return cause instanceof ApiException ? Errors.forException(cause) : Errors.COORDINATOR_LOAD_IN_PROGRESS;
        }

        @Override
        public void write(MarkersToWrite toWrite) {
            markers.write(toWrite);
        }

        private void onMarkersWritten(MarkersToWrite written) {
            tellShard((known, now) -> known.onMarkersWritten(written, now));
        }

        private void tellShard(BiConsumer<TransactionShard, Now> what) {
            TransactionShard known = shard;
            if (known != null && live.isReady(known)) {
                live.tell(now -> what.accept(known, now));
            }
        }

        @Override
        public short transactionVersion() {
            return host.transactionVersion();
        }
    }

    private void cancelSurroundings() {
        if (surroundings != null) {
            surroundings.markers.cancel();
        }
    }

    @Override
    public void start() {
        live.start();
        scheduleExpiry();
    }

    @Override
    public void handle(CoordinatorCall<TransactionShard> call) {
        live.handle(call);
    }

    @Override
    public void onMaxBatchBytes(int bytes) {
        live.onMaxBatchBytes(bytes);
    }

    private void scheduleExpiry() {
        timers.after(host.settings().idCheckIntervalMs(), () -> {
            if (live.isReady()) {
                TransactionShard known = live.shard();
                live.sweep(
                        known,
                        known.transactionalIds(),
                        id -> known.submit(TransactionCommands.expire(id), host.now()));
            }
            if (!live.isEnded()) {
                scheduleExpiry();
            }
        });
    }

    @Override
    public void drain() {
        live.drain();
    }

    @Override
    public void end() {
        cancelSurroundings();
        live.end();
    }
}
