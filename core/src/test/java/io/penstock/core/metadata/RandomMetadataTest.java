package io.penstock.core.metadata;

import static io.penstock.core.metadata.ClusterFixture.facts;
import static io.penstock.core.metadata.ClusterFixture.newTopic;
import static io.penstock.core.metadata.ClusterFixture.withConfig;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.MutationQuota;
import io.penstock.core.metadata.MetadataRecord.LeaderEpochsRaised;
import io.penstock.core.metadata.MetadataRecord.PartitionChanged;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Thousands of random commands, each checked against what must always hold. */
class RandomMetadataTest {
    private static final int STEPS = 2_000;
    private static final List<String> NAMES =
            List.of("a", "b", "a.b", "a_b", "orders", "__consumer_offsets", "x".repeat(249), "no good");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldReplayIntoWhatWasLive(long fixedSeed) {
        // given
        long seed = fixedSeed == 3 ? System.nanoTime() : fixedSeed;
        Random random = new Random(seed);
        ClusterFixture cluster = new ClusterFixture().withBrokers(2, 3);
        Set<Uuid> deleted = new HashSet<>();

        for (int step = 0; step < STEPS; step++) {
            // when
            MetadataImage before = cluster.image;
            Set<MetadataRecord> factsBefore = step % 50 == 0 ? facts(before) : Set.of();
            command(cluster, random);

            // then
            before.topics().forEach(topic -> {
                if (cluster.image.topic(topic.id()) == null) {
                    deleted.add(topic.id());
                }
            });
            checkInvariants(cluster.image, deleted, "seed " + seed + " step " + step);
            if (step % 50 == 0) {
                assertThat(facts(before))
                        .as("old image, seed %s step %s", seed, step)
                        .isEqualTo(factsBefore);
                checkReplays(cluster, "seed " + seed + " step " + step);
                checkDifferences(before, cluster.image, "seed " + seed + " step " + step);
            }
        }
    }

    private static void command(ClusterFixture cluster, Random random) {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        switch (random.nextInt(8)) {
            case 0, 1 ->
                cluster.create(withConfig(
                        newTopic(name, 1 + random.nextInt(4), 1 + random.nextInt(4)),
                        "retention.ms",
                        random.nextInt(5) == 0 ? "never" : "" + random.nextInt(1000)));
            case 2 -> cluster.apply(cluster.controller.autoCreateTopic(cluster.image, cluster.config(), name));
            case 3 -> delete(cluster, name);
            case 4 -> addPartitions(cluster, name, random.nextInt(8));
            case 5 -> alter(cluster, random.nextBoolean() ? 2 : 4, name, random);
            case 6 -> cluster.apply(cluster.controller.allocateProducerIds(cluster.image, 1));
            default -> moveLeader(cluster, name, random);
        }
    }

    private static void delete(ClusterFixture cluster, String name) {
        DeleteTopicsRequestData request =
                new DeleteTopicsRequestData().setTopics(List.of(new DeleteTopicState().setName(name)));
        cluster.apply(
                cluster.controller.deleteTopics(cluster.image, cluster.config(), request, MutationQuota.UNLIMITED));
        if (name.length() > 1) {
            cluster.apply(cluster.controller.forgetTopics(
                    cluster.image,
                    cluster.image.deletedTopics().stream()
                            .map(MetadataImage.DeletedTopic::id)
                            .toList()));
        }
    }

    private static void addPartitions(ClusterFixture cluster, String name, int count) {
        CreatePartitionsRequestData request = new CreatePartitionsRequestData();
        request.topics()
                .add(new CreatePartitionsTopic().setName(name).setCount(count).setAssignments(null));
        cluster.apply(cluster.controller.createPartitions(cluster.image, request, MutationQuota.UNLIMITED));
    }

    private static void alter(ClusterFixture cluster, int type, String name, Random random) {
        AlterConfigsResource resource = new AlterConfigsResource()
                .setResourceType((byte) type)
                .setResourceName(type == 2 ? name : random.nextBoolean() ? "" : "1");
        resource.configs()
                .add(new AlterableConfig()
                        .setName(type == 2 ? "segment.ms" : "log.roll.ms")
                        .setConfigOperation(random.nextBoolean() ? OpType.SET.id() : OpType.DELETE.id())
                        .setValue("" + (1 + random.nextInt(100))));
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource);
        cluster.apply(cluster.controller.incrementalAlterConfigs(cluster.image, cluster.config(), request));
    }

    private static void moveLeader(ClusterFixture cluster, String name, Random random) {
        TopicImage topic = cluster.image.topic(name);
        if (topic == null) {
            cluster.replay(List.of(new LeaderEpochsRaised(1 + random.nextInt(3))));
            return;
        }
        PartitionImage partition =
                topic.partitions().get(random.nextInt(topic.partitions().size()));
        List<Integer> isr = random.nextInt(5) == 0 ? List.of() : partition.replicas();
        cluster.replay(List.of(new PartitionChanged(
                topic.id(),
                partition.id().index(),
                isr.isEmpty() ? -1 : isr.get(random.nextInt(isr.size())),
                partition.leaderEpoch() + 1,
                partition.partitionEpoch() + 1,
                partition.replicas(),
                isr)));
    }

    private static void checkInvariants(MetadataImage image, Set<Uuid> deleted, String when) {
        Set<String> unified = new HashSet<>();
        for (TopicImage topic : image.topics()) {
            assertThat(image.topic(topic.id())).as(when).isSameAs(topic);
            assertThat(image.topic(topic.name())).as(when).isSameAs(topic);
            assertThat(unified.add(topic.name().replace('.', '_'))).as(when).isTrue();
            assertThat(deleted).as("resurrected, " + when).doesNotContain(topic.id());
            assertThat(topic.partitions()).as(when).isNotEmpty();
            for (int index = 0; index < topic.partitions().size(); index++) {
                PartitionImage partition = topic.partitions().get(index);
                assertThat(partition.id().index()).as(when).isEqualTo(index);
                assertThat(partition.replicas()).as(when).containsAll(partition.isr());
                assertThat(partition.leader() == -1 || partition.isr().contains(partition.leader()))
                        .as(when)
                        .isTrue();
            }
        }
    }

    /** Through bytes, from the start, and from a snapshot at a random place: always the same image. */
    private static void checkReplays(ClusterFixture cluster, String when) {
        JournalReplay whole = new JournalReplay(0);
        decode(MetadataBatchCodec.encode(cluster.log, 0), 0, whole);
        assertThat(facts(whole.image())).as(when).isEqualTo(facts(cluster.image));
        assertThat(whole.image().offset()).as(when).isEqualTo(cluster.image.offset());

        JournalReplay snapshot = new JournalReplay(77);
        long offset = 77;
        for (ByteBuffer batch : MetadataBatchCodec.encodeAll(ImageRecords.snapshot(cluster.image), 500, 0)) {
            offset = decode(batch, offset, snapshot);
        }
        assertThat(facts(snapshot.image())).as(when).isEqualTo(facts(cluster.image));
        assertThat(snapshot.image().offset()).as(when).isEqualTo(offset);
    }

    private static long decode(ByteBuffer batch, long baseOffset, JournalReplay replay) {
        List<MetadataRecord> records = new ArrayList<>();
        MetadataBatchCodec.decode(batch, (offset, record) -> records.add(record));
        long offset = baseOffset;
        for (MetadataRecord record : records) {
            replay.replay(offset++, record);
        }
        return offset;
    }

    private static void checkDifferences(MetadataImage before, MetadataImage after, String when) {
        Map<Uuid, TopicImage> patched = new HashMap<>();
        before.topics().forEach(topic -> patched.put(topic.id(), topic));
        MetadataImage.topicDifferences(before, after, (was, is) -> {
            if (was != null) {
                assertThat(patched.remove(was.id())).as(when).isEqualTo(was);
            }
            if (is != null) {
                patched.put(is.id(), is);
            }
        });
        Map<Uuid, TopicImage> expected = new HashMap<>();
        after.topics().forEach(topic -> expected.put(topic.id(), topic));
        assertThat(patched).as(when).isEqualTo(expected);
    }
}
