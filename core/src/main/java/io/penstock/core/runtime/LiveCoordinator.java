package io.penstock.core.runtime;

import io.penstock.core.group.CoordinatorShard;
import io.penstock.core.group.GroupCommand;
import io.penstock.core.group.GroupCommands;
import io.penstock.core.group.GroupSurroundings;
import io.penstock.core.group.consumer.TopicCatalog;
import io.penstock.core.group.record.GroupLogEntry;
import io.penstock.core.metadata.MetadataImage.DeletedTopic;
import io.penstock.core.partition.PartitionId;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The groups of one partition: a {@link LiveShard} of groups, with what happens around groups – topics come and go, patterns are
 * looked up, offsets grow old. Owned by one event loop.
 */
final class LiveCoordinator implements CoordinatorVerticle.Live<CoordinatorShard> {
    private final CoordinatorHost host;
    private final Timers timers;
    private final Consumer<CoordinatorShard> onLoaded;

    private TopicCatalog topics;
    private final PatternSearches patterns;
    private final Set<DeletedTopic> deletedWhileLoading = new HashSet<>();
    private final LiveShard<CoordinatorShard, GroupLogEntry> live;

    /**
     * A coordinator that knows nothing yet: {@link #start} it.
     *
     * @param maxBatchBytes largest batch that the partition takes
     * @param topics the cluster's topics now
     * @param onLoaded hears when the shard is ready, each time that it was loaded
     */
    LiveCoordinator(
            PartitionId partition,
            int maxBatchBytes,
            TopicCatalog topics,
            CoordinatorHost host,
            Executor owner,
            Timers timers,
            Consumer<CoordinatorShard> onLoaded) {
        this.topics = topics;
        this.host = host;
        this.timers = timers;
        this.onLoaded = onLoaded;
        this.patterns = new PatternSearches(host.workers(), owner, host.clock(), this::onSearchEnded);
        this.live = new LiveShard<>(partition, maxBatchBytes, host, owner, timers, new Groups());
    }

    /** Groups, as a kind of shard. */
    private final class Groups implements LiveShard.Kind<CoordinatorShard, GroupLogEntry> {
        @Override
        public String name() {
            return "Groups";
        }

        @Override
        public CoordinatorShard newShard(int maxBatchBytes) {
            CoordinatorShard fresh = new CoordinatorShard(
                    host.settings(),
                    host.memberIds(),
                    maxBatchBytes,
                    new GroupSurroundings(host.groupConfigs(), patterns));
            fresh.onTopics(topics, true);
            return fresh;
        }

        @Override
        public void decode(ByteBuffer batches, List<GroupLogEntry> into) {
            new GroupBatches(batches).decode(into);
        }

        @Override
        public void onReady(CoordinatorShard shard) {
            onLoaded.accept(shard);
            forgetDeletedTopics();
        }
    }

    @Override
    public void start() {
        live.start();
        scheduleExpiry();
    }

    @Override
    public void handle(CoordinatorCall<CoordinatorShard> call) {
        live.handle(call);
    }

    /** What was asked before a reload is forgotten with the groups that asked. */
    private void onSearchEnded(GroupCommand outcome) {
        if (live.isReady()) {
            live.tell(now -> live.shard().submit(outcome, now));
        }
    }

    @Override
    public void onMaxBatchBytes(int bytes) {
        live.onMaxBatchBytes(bytes);
    }

    /** The cluster has other topics from now on. */
    void onTopics(TopicCatalog newTopics, boolean hasNewOnes) {
        topics = newTopics;
        live.shard().onTopics(newTopics, hasNewOnes);
    }

    /** What groups have committed for a deleted topic is forgotten, in the background. */
    void onTopicDeleted(DeletedTopic topic) {
        if (live.isReady()) {
            CoordinatorShard known = live.shard();
            live.sweep(
                    known,
                    known.groupsWithOffsetsIn(topic.name()),
                    id -> known.submit(GroupCommands.onTopicDeleted(id, topic.name(), topic.id()), host.now()));
        } else if (live.isLoading()) {
            deletedWhileLoading.add(topic);
        }
    }

    /** Also topics whose deletion this broker may not have lived to follow up. */
    private void forgetDeletedTopics() {
        Set<DeletedTopic> deleted = new HashSet<>(host.deletedTopics().get());
        deleted.addAll(deletedWhileLoading);
        deletedWhileLoading.clear();
        deleted.forEach(this::onTopicDeleted);
    }

    private void scheduleExpiry() {
        timers.after(host.settings().offsetsCheckIntervalMs(), () -> {
            if (live.isReady()) {
                CoordinatorShard known = live.shard();
                live.sweep(known, known.groupIds(), id -> known.submit(GroupCommands.expireOffsets(id), host.now()));
            }
            if (!live.isEnded()) {
                scheduleExpiry();
            }
        });
    }

    /** Also tells members that wait for others to look for another coordinator. */
    @Override
    public void drain() {
        if (live.drain() && live.isReady()) {
            CoordinatorShard known = live.shard();
            live.sweep(known, known.groupIds(), id -> known.submit(GroupCommands.releaseWaiting(id), host.now()));
        }
    }

    @Override
    public void end() {
        live.end();
    }
}
