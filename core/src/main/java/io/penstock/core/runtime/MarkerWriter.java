package io.penstock.core.runtime;

import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.transaction.MarkersToWrite;
import io.penstock.core.transaction.TransactionMarker;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the markers of decided transactions into their partitions, each one as often as it takes: until it is written, or its topic is
 * gone. At most {@value #MAX_IN_FLIGHT} are on their way at a time; the others wait in the order in which their transactions were
 * decided. A marker may be written twice, which means the same as once.
 *
 * <p>Owned by one {@link LiveTransactions}, on behalf of one shard.
 */
final class MarkerWriter {
    private static final Logger LOGGER = LoggerFactory.getLogger(MarkerWriter.class);
    private static final int MAX_IN_FLIGHT = 200;
    private static final long RETRY_MIN_MS = 10;
    private static final long RETRY_MAX_MS = 1_000;

    private final TransactionHost host;
    private final Executor owner;
    private final Timers timers;
    private final Consumer<MarkersToWrite> onWritten;

    private final ArrayDeque<Errand> waiting = new ArrayDeque<>();
    private int inFlight;
    private boolean isCancelled;
    private boolean isRunning;

    /** The markers of one transaction that are not written yet. */
    private static final class Job {
        final MarkersToWrite markers;
        int left;

        Job(MarkersToWrite markers) {
            this.markers = markers;
            this.left = markers.partitions().size();
        }
    }

    /** One marker on its way. */
    private static final class Errand {
        final Job job;
        final TopicPartition partition;
        long retryMs = RETRY_MIN_MS;

        Errand(Job job, TopicPartition partition) {
            this.job = job;
            this.partition = partition;
        }
    }

    /** @param onWritten hears when all markers of a transaction are written, never inside {@link #write} */
    MarkerWriter(TransactionHost host, Executor owner, Timers timers, Consumer<MarkersToWrite> onWritten) {
        this.host = host;
        this.owner = owner;
        this.timers = timers;
        this.onWritten = onWritten;
    }

    /** Takes the markers of a transaction. */
    void write(MarkersToWrite markers) {
        Job job = new Job(markers);
        markers.partitions().forEach(partition -> waiting.add(new Errand(job, partition)));
        runSoon();
    }

    /** Nothing more is begun, and nothing more is told. */
    void cancel() {
        isCancelled = true;
        waiting.clear();
    }

    private void runSoon() {
        if (!isRunning) {
            isRunning = true;
            owner.execute(this::run);
        }
    }

    private void run() {
        isRunning = false;
        while (!isCancelled && inFlight < MAX_IN_FLIGHT && !waiting.isEmpty()) {
            inFlight++;
            send(waiting.remove());
        }
    }

    private void send(Errand errand) {
        PartitionId partition = find(errand.partition);
        TransactionMarker marker = errand.job.markers.marker();
        if (partition == null) {
            onAnswer(errand, Errors.NONE); // what it would end is gone with the topic
        } else if (errand.partition.topic().equals(Topic.GROUP_METADATA_TOPIC_NAME)) {
            host.offsetMarkers()
                    .write(partition, marker)
                    .onComplete(done -> owner.execute(
                            () -> onAnswer(errand, done.succeeded() ? done.result() : Errors.UNKNOWN_SERVER_ERROR)));
        } else {
            AppendRequest request = AppendRequest.marker(
                    MarkerBatch.of(marker, host.clock().wallMs()), marker.transactionVersion(), host.commitTimeoutMs());
            host.router().append(partition, request, result -> onAnswer(errand, result.error()));
        }
    }

    private @Nullable PartitionId find(TopicPartition partition) {
        MetadataImage image = host.metadata().get();
        TopicImage topic = image.topic(partition.topic());
        return topic == null || partition.partition() >= topic.partitions().size()
                ? null
                : topic.partitions().get(partition.partition()).id();
    }

    private void onAnswer(Errand errand, Errors error) {
        if (isCancelled) {
            return;
        }
        inFlight--;
        switch (error) {
            case NONE -> finish(errand);
            case INVALID_PRODUCER_EPOCH -> {
                // the partition knows a later epoch, so nothing of this transaction is open there
                LOGGER.atWarn()
                        .addKeyValue("topic", errand.partition.topic())
                        .addKeyValue("partition", errand.partition.partition())
                        .addKeyValue("producerId", errand.job.markers.marker().producerId())
                        .log("The end of a transaction was refused because its producer is in a later one");
                finish(errand);
            }
            default -> retry(errand, error);
        }
        runSoon();
    }

    private void finish(Errand errand) {
        errand.job.left--;
        if (errand.job.left == 0) {
            // the shard may be in the midst of telling what is to be written
            owner.execute(() -> {
                if (!isCancelled) {
                    onWritten.accept(errand.job.markers);
                }
            });
        }
    }

    private void retry(Errand errand, Errors error) {
        LOGGER.atDebug()
                .addKeyValue("topic", errand.partition.topic())
                .addKeyValue("partition", errand.partition.partition())
                .addKeyValue("errorCode", error)
                .log("The end of a transaction is written again later");
        timers.after(errand.retryMs, () -> {
            if (!isCancelled) {
                waiting.add(errand);
                runSoon();
            }
        });
        errand.retryMs = Math.min(RETRY_MAX_MS, 2 * errand.retryMs);
    }
}
