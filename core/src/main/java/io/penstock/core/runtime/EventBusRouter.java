package io.penstock.core.runtime;

import io.penstock.core.PartitionRouter;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.DeleteRecordsResult;
import io.penstock.core.partition.EpochEndResult;
import io.penstock.core.partition.FetchListener;
import io.penstock.core.partition.FetchRequest;
import io.penstock.core.partition.OffsetQuery;
import io.penstock.core.partition.OffsetResult;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.PartitionStatus;
import io.penstock.core.partition.ProducersResult;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends commands to partition verticles over the event bus, by reference, and answers itself for those that are not there.
 *
 * <p>Safe from any thread. Replies are delivered on the caller's context: at once if the verticle runs on the same event loop,
 * else by one hop; never inside the call that asked.
 */
final class EventBusRouter implements PartitionRouter {
    private static final Logger LOGGER = LoggerFactory.getLogger(EventBusRouter.class);

    private final Vertx vertx;
    private final EventBus bus;
    private final ConcurrentMap<PartitionId, HostedPartition> hosted;
    private final Function<Uuid, @Nullable TopicImage> topics;

    EventBusRouter(
            Vertx vertx,
            ConcurrentMap<PartitionId, HostedPartition> hosted,
            Function<Uuid, @Nullable TopicImage> topics) {
        this.vertx = vertx;
        this.bus = vertx.eventBus();
        this.hosted = hosted;
        this.topics = topics;
    }

    @Override
    public void append(PartitionId partition, AppendRequest request, Consumer<AppendResult> reply) {
        ContextInternal context = context();
        send(new AppendCommand(partition, caller(context), request, reply), context);
    }

    @Override
    public PendingFetch fetch(PartitionId partition, FetchRequest request, FetchListener listener) {
        ContextInternal context = context();
        FetchCommand command = new FetchCommand(partition, caller(context), request, listener);
        send(command, context);
        return command;
    }

    @Override
    public void listOffset(PartitionId partition, OffsetQuery query, Consumer<OffsetResult> reply) {
        ContextInternal context = context();
        send(new OffsetCommand(partition, caller(context), query, reply), context);
    }

    @Override
    public void epochEnd(
            PartitionId partition, int currentLeaderEpoch, int leaderEpoch, Consumer<EpochEndResult> reply) {
        ContextInternal context = context();
        send(new EpochEndCommand(partition, caller(context), currentLeaderEpoch, leaderEpoch, reply), context);
    }

    @Override
    public void deleteRecords(PartitionId partition, long offset, Consumer<DeleteRecordsResult> reply) {
        ContextInternal context = context();
        send(new DeleteRecordsCommand(partition, caller(context), offset, reply), context);
    }

    @Override
    public void producers(PartitionId partition, Consumer<ProducersResult> reply) {
        ContextInternal context = context();
        send(new ProducersCommand(partition, caller(context), reply), context);
    }

    @Override
    public void status(PartitionId partition, Consumer<PartitionStatus> reply) {
        ContextInternal context = context();
        send(new StatusCommand(partition, caller(context), reply), context);
    }

    @Override
    public @Nullable Thread home(PartitionId partition) {
        HostedPartition target = hosted.get(partition);
        return target == null ? null : target.slot().thread();
    }

    private ContextInternal context() {
        return (ContextInternal) vertx.getOrCreateContext();
    }

    private static Caller caller(ContextInternal context) {
        return delivery -> {
            try {
                context.emit(delivery, Runnable::run);
            } catch (RejectedExecutionException e) {
                LOGGER.debug("A reply came after its event loop was shut down");
            }
        };
    }

    private void send(PartitionCommand command, ContextInternal context) {
        HostedPartition target = hosted.get(command.partition());
        if (target == null || !target.slot().isOpen()) {
            refuseLater(command, context);
            return;
        }
        bus.send(target.slot().address(), command, ByReferenceCodec.DELIVERY);
        if (!target.slot().isOpen()) {
            refuseLater(command, context);
        }
    }

    /** Answers for a verticle that is not there, unless it was quicker. */
    private void refuseLater(PartitionCommand command, ContextInternal context) {
        if (!command.claim()) {
            return;
        }
        context.runOnContext(ignored -> {
            TopicImage topic = topics.apply(command.partition().topicId());
            if (topic == null) {
                command.refuse(Errors.UNKNOWN_TOPIC_ID);
            } else if (isPartitionOf(topic, command.partition().index())) {
                PartitionImage image =
                        topic.partitions().get(command.partition().index());
                command.refuse(Errors.NOT_LEADER_OR_FOLLOWER, image.leader(), image.leaderEpoch());
            } else {
                command.refuse(Errors.UNKNOWN_TOPIC_OR_PARTITION);
            }
        });
    }

    private static boolean isPartitionOf(TopicImage topic, int index) {
        return index >= 0 && index < topic.partitions().size();
    }
}
