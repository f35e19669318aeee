package io.penstock.core.runtime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.penstock.config.BrokerConfig;
import io.penstock.core.LoggerLevels;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.MetadataLog;
import io.penstock.core.metadata.MetadataRecord;
import io.penstock.storage.LogContext;
import io.penstock.storage.LogFullException;
import io.penstock.storage.LogStore;
import io.penstock.storage.memory.InMemoryLogStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetadataVerticleTest {
    private final Vertx vertx = Vertx.vertx();
    private final Storage storage = new Storage();
    private final DiskWorkers workers = new DiskWorkers("test-metadata", 1, 100);
    private final PartitionFleet fleet = new PartitionFleet(
            vertx,
            1,
            storage.logs,
            id -> null,
            Clock.SYSTEM,
            PartitionLimits.DEFAULT,
            PartitionMetrics.NONE,
            1,
            () -> CleanerSettings.DEFAULT,
            TransactionAdmissions.NONE);
    private final List<Throwable> failures = new ArrayList<>();

    @AfterEach
    void close() {
        await(fleet.close());
        await(vertx.close());
        workers.close();
    }

    @Test
    void shouldComeBackThoughTheDiskIsFull() {
        // given
        MetadataVerticle first = newVerticle();
        String deployment = await(vertx.deployVerticle(first));
        assertThat(create(first, "orders")).isEqualTo(Errors.NONE);
        await(vertx.undeploy(deployment));

        // when
        storage.isFull = true;
        storage.mayHaveLostRecords = true;
        MetadataVerticle second = newVerticle();
        await(vertx.deployVerticle(second));

        // then
        assertThat(second.image().topic("orders")).isNotNull();
        assertThat(create(second, "more")).isEqualTo(Errors.KAFKA_STORAGE_ERROR);

        // when
        storage.isFull = false;

        // then
        assertThat(create(second, "more")).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldWriteNothingWhenItComesBackAsItWas() {
        // given
        String deployment = await(vertx.deployVerticle(newVerticle()));
        await(vertx.undeploy(deployment));
        int written = storage.appended.get();

        // when
        await(vertx.deployVerticle(newVerticle()));

        // then
        assertThat(storage.appended.get()).isEqualTo(written);
    }

    @Test
    void shouldNotStartANewClusterOnAFullDisk() {
        // given
        storage.isFull = true;

        // when
        Future<String> deployment = vertx.deployVerticle(newVerticle());

        // then
        assertThat(catchThrowable(() -> await(deployment)))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(LogFullException.class);
    }

    private MetadataVerticle newVerticle() {
        return new MetadataVerticle(
                BrokerConfig.defaults(),
                storage,
                fleet,
                workers,
                Clock.SYSTEM,
                LoggerLevels.NONE,
                (before, after, config) -> Future.succeededFuture(),
                failures::add);
    }

    private Errors create(MetadataVerticle verticle, String name) {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics()
                .add(new CreatableTopic().setName(name).setNumPartitions(1).setReplicationFactor((short) 1));
        return Errors.forCode(requireNonNull(await(verticle.admin().createTopics(request)))
                .topics()
                .iterator()
                .next()
                .errorCode());
    }

    private static <T> T await(Future<T> future) {
        return Replies.await(future.toCompletionStage().toCompletableFuture());
    }

    /** A journal in memory that outlives its owner, on a disk that may be full. */
    private static final class Storage implements BrokerStorage {
        final InMemoryLogStore logs = new InMemoryLogStore(64 << 20);
        volatile boolean isFull;
        volatile boolean mayHaveLostRecords;
        final AtomicInteger appended = new AtomicInteger();

        @Override
        public LogStore logs() {
            return logs;
        }

        @Override
        public String clusterId() {
            return "cluster";
        }

        @Override
        public boolean isNew() {
            return false;
        }

        @Override
        public boolean mayHaveLostRecords() {
            return mayHaveLostRecords;
        }

        @Override
        public MetadataLog metadataLog(LogContext context, Clock clock) {
            MetadataJournal journal = new MetadataJournal(logs, context, clock);
            return new MetadataLog() {
                @Override
                public CompletionStage<MetadataImage> open() {
                    return journal.open();
                }

                @Override
                public long append(List<MetadataRecord> records) {
                    if (isFull) {
                        throw new LogFullException("the disk is full");
                    }
                    appended.addAndGet(records.size());
                    return journal.append(records);
                }

                @Override
                public CompletionStage<Void> sync() {
                    return journal.sync();
                }

                @Override
                public boolean isSnapshotDue() {
                    return false;
                }

                @Override
                public CompletionStage<Long> snapshot(MetadataImage image) {
                    return journal.snapshot(image);
                }

                @Override
                public CompletionStage<Void> close() {
                    return journal.close();
                }
            };
        }

        @Override
        public void close(boolean inOrder) {
            logs.close();
        }
    }
}
