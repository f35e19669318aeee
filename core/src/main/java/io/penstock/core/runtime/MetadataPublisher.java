package io.penstock.core.runtime;

import io.penstock.config.BrokerConfig;
import io.penstock.config.setting.Problem;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.PartitionId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes durable metadata true on this broker: deploys the partitions that an image adds, then shows the image, then changes and
 * ends others. So a client that sees a new topic can use it, and one that does not see a deleted one any more cannot.
 *
 * <p>{@link #image} and {@link #config} are safe from any thread; the rest is owned by the metadata's event loop.
 */
final class MetadataPublisher implements MetadataOwner.Publisher {
    private static final Logger LOGGER = LoggerFactory.getLogger(MetadataPublisher.class);

    private final int nodeId;
    private final PartitionFleet fleet;
    private final Context owner;
    private final DynamicConfig dynamicConfig;
    private final ImageListener listener;
    private final Consumer<Uuid> onLogsDeleted;
    private PartitionSpecs specs;

    private volatile MetadataImage image = MetadataImage.EMPTY;
    private volatile BrokerConfig config;

    /**
     * @param owner the metadata's event loop
     * @param listener follows what is shown
     * @param onLogsDeleted hears, on the owner, that no file of a deleted topic is left
     */
    MetadataPublisher(
            PartitionFleet fleet,
            Context owner,
            BrokerConfig given,
            ImageListener listener,
            Consumer<Uuid> onLogsDeleted) {
        this.nodeId = given.nodeId();
        this.fleet = fleet;
        this.owner = owner;
        this.dynamicConfig = new DynamicConfig(given);
        this.listener = listener;
        this.onLogsDeleted = onLogsDeleted;
        this.specs = new PartitionSpecs(given);
        this.config = given;
    }

    /** The newest metadata shown. */
    MetadataImage image() {
        return image;
    }

    /** This broker's configuration as of {@link #image}. */
    BrokerConfig config() {
        return config;
    }

    @Override
    public Future<Void> publish(MetadataImage next) {
        PartitionSpecs after = specsOf(next);
        Changes changes = new Changes(specs, after);
        if (specs == after) {
            MetadataImage.topicDifferences(image, next, changes::compare);
        } else {
            compareAll(next, changes);
        }
        return inTurns(changes.added, fleet::apply).eventually(() -> {
            specs = after;
            config = after.broker();
            MetadataImage before = image;
            image = next;
            changes.deleted.forEach(this::delete);
            return inTurns(changes.changed, fleet::apply)
                    .eventually(() -> inTurns(changes.moved, fleet::remove))
                    .eventually(() -> listener.onImage(before, next, after.broker()));
        });
    }

    private PartitionSpecs specsOf(MetadataImage next) {
        BrokerConfig nextConfig = dynamicConfig.of(next);
        if (nextConfig == specs.broker()) {
            return specs;
        }
        for (Problem problem : nextConfig.problems()) {
            LOGGER.warn("A setting made at run time has no effect: {}", problem.line());
        }
        return new PartitionSpecs(nextConfig);
    }

    /** The broker's settings have changed: any topic may be concerned. */
    private void compareAll(MetadataImage next, Changes changes) {
        next.topics().forEach(is -> changes.compare(image.topic(is.id()), is));
        image.topics().forEach(was -> {
            if (next.topic(was.id()) == null) {
                changes.compare(was, null);
            }
        });
    }

    /** Does many things without holding up the event loop: so many a turn. */
    private <T> Future<Void> inTurns(List<T> items, Function<T, Future<Void>> work) {
        return new Turns<>(owner, items, work).run();
    }

    /** In the background: nobody waits for files to go. */
    private void delete(TopicImage topic) {
        List<Future<Void>> deletions = new ArrayList<>();
        for (PartitionImage partition : topic.partitions()) {
            deletions.add(fleet.delete(partition.id()));
        }
        Future.join(deletions)
                .onSuccess(done -> owner.runOnContext(turn -> onLogsDeleted.accept(topic.id())))
                .onFailure(cause -> LOGGER.atWarn()
                        .addKeyValue("topic", topic.name())
                        .addKeyValue("topicId", topic.id())
                        .setCause(cause)
                        .log("Could not delete all files of a deleted topic; the next start tries again"));
    }

    /** What an image changes for this broker. */
    private final class Changes {
        final PartitionSpecs before;
        final PartitionSpecs after;
        final List<PartitionSpec> added = new ArrayList<>();
        final List<PartitionSpec> changed = new ArrayList<>();
        final List<PartitionId> moved = new ArrayList<>();
        final List<TopicImage> deleted = new ArrayList<>();

        Changes(PartitionSpecs before, PartitionSpecs after) {
            this.before = before;
            this.after = after;
        }

        void compare(@Nullable TopicImage was, @Nullable TopicImage is) {
            if (is == null) {
                if (was != null) {
                    deleted.add(was);
                }
                return;
            }
            try {
                for (PartitionImage partition : is.partitions()) {
                    compare(was, is, partition);
                }
            } catch (RuntimeException e) {
                // One topic's settings that make no sense to its partitions must not keep the others from theirs.
                LOGGER.atError()
                        .addKeyValue("topic", is.name())
                        .setCause(e)
                        .log("Could not apply the metadata of a topic");
            }
        }

        private void compare(@Nullable TopicImage was, TopicImage is, PartitionImage partition) {
            int index = partition.id().index();
            PartitionImage old = was == null || index >= was.partitions().size()
                    ? null
                    : was.partitions().get(index);
            boolean wasHere = old != null && old.replicas().contains(nodeId);
            if (!partition.replicas().contains(nodeId)) {
                if (wasHere) {
                    moved.add(partition.id());
                }
            } else if (was == null || old == null || !wasHere) {
                added.add(after.spec(is, partition));
            } else if (!isSame(was, is, old, partition)) {
                changed.add(after.spec(is, partition));
            }
        }

        private boolean isSame(TopicImage was, TopicImage is, PartitionImage old, PartitionImage partition) {
            boolean isSameInput =
                    before == after && old.equals(partition) && was.configs().equals(is.configs());
            return isSameInput || after.spec(is, partition).equals(before.spec(was, old));
        }
    }
}
