package io.penstock.core.group.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.core.group.record.StreamsGroupCurrentAssignmentRecord.MemberState;
import io.penstock.core.group.record.StreamsGroupMemberRecord.Endpoint;
import io.penstock.core.group.record.StreamsTopology.Config;
import io.penstock.core.group.record.StreamsTopology.CopartitionGroup;
import io.penstock.core.group.record.StreamsTopology.InternalTopic;
import io.penstock.core.group.record.StreamsTopology.Subtopology;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.coordinator.group.generated.StreamsGroupCurrentMemberAssignmentKey;
import org.apache.kafka.coordinator.group.generated.StreamsGroupCurrentMemberAssignmentValue;
import org.apache.kafka.coordinator.group.generated.StreamsGroupMemberMetadataKey;
import org.apache.kafka.coordinator.group.generated.StreamsGroupMemberMetadataValue;
import org.apache.kafka.coordinator.group.generated.StreamsGroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.StreamsGroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.StreamsGroupMetadataValue.LastAssignmentConfig;
import org.apache.kafka.coordinator.group.generated.StreamsGroupTargetAssignmentMemberKey;
import org.apache.kafka.coordinator.group.generated.StreamsGroupTargetAssignmentMemberValue;
import org.apache.kafka.coordinator.group.generated.StreamsGroupTargetAssignmentMetadataKey;
import org.apache.kafka.coordinator.group.generated.StreamsGroupTargetAssignmentMetadataValue;
import org.apache.kafka.coordinator.group.generated.StreamsGroupTopologyKey;
import org.apache.kafka.coordinator.group.generated.StreamsGroupTopologyValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The records of streams groups, ours and Kafka's, side by side. */
class StreamsGroupRecordCodecTest {
    /** One of our records and what Kafka has for it. */
    private record Pair(
            GroupRecord ours, ApiMessage key, @Nullable ApiMessage value) {
        @Override
        public String toString() {
            return ours.toString();
        }
    }

    static Stream<Pair> pairs() {
        return Stream.of(
                group(7, 0, -1, Map.of()),
                group(Integer.MAX_VALUE, -5, 3, Map.of("num.standby.replicas", "2")),
                group(1, 1, 0, Map.of("b", "1", "a", "größer")),
                member(null, null, "", null, Map.of()),
                member("i", "r", "p-1", new Endpoint("localhost", 65_535), Map.of("zone", "a", "cluster", "ü")),
                targetEpoch(3, 0),
                targetEpoch(4, 1_700_000_000_000L),
                target(TaskAssignment.EMPTY),
                target(new TaskAssignment(
                        TaskSet.of("0", 3, 1, 2), TaskSet.of("1", 0).union(TaskSet.of("10", 7)), TaskSet.of("2", 9))),
                current(1, 0, MemberState.STABLE, HeldTasks.EMPTY, HeldTasks.EMPTY),
                current(
                        12,
                        11,
                        MemberState.UNREVOKED_TASKS,
                        new HeldTasks(
                                TaskEpochs.of(Map.of("0", Map.of(1, 12, 0, 4), "1", Map.of(300, 7))),
                                TaskSet.of("1", 1),
                                TaskSet.EMPTY),
                        new HeldTasks(TaskEpochs.of(TaskSet.of("0", 5), 3), TaskSet.EMPTY, TaskSet.of("3", 1))),
                current(2, 1, MemberState.UNRELEASED_TASKS, HeldTasks.EMPTY, HeldTasks.EMPTY),
                topology(new StreamsTopology(0, List.of())),
                topology(wide()),
                tombstone(StreamsGroupRecord.tombstone("g"), new StreamsGroupMetadataKey().setGroupId("g")),
                tombstone(
                        StreamsGroupMemberRecord.tombstone("g", "m"),
                        new StreamsGroupMemberMetadataKey().setGroupId("g").setMemberId("m")),
                tombstone(
                        StreamsGroupTargetEpochRecord.tombstone("g"),
                        new StreamsGroupTargetAssignmentMetadataKey().setGroupId("g")),
                tombstone(
                        StreamsGroupTargetAssignmentRecord.tombstone("g", "m"),
                        new StreamsGroupTargetAssignmentMemberKey()
                                .setGroupId("g")
                                .setMemberId("m")),
                tombstone(
                        StreamsGroupCurrentAssignmentRecord.tombstone("g", "m"),
                        new StreamsGroupCurrentMemberAssignmentKey()
                                .setGroupId("g")
                                .setMemberId("m")),
                tombstone(StreamsGroupTopologyRecord.tombstone("g"), new StreamsGroupTopologyKey().setGroupId("g")));
    }

    private static StreamsTopology wide() {
        return new StreamsTopology(
                5,
                List.of(
                        new Subtopology(
                                "0",
                                List.of("in", "other"),
                                List.of("x.*"),
                                List.of(),
                                List.of("rep"),
                                List.of(),
                                List.of(new CopartitionGroup(
                                        List.of((short) 0, (short) 1), List.of((short) 0), List.of()))),
                        new Subtopology(
                                "1",
                                List.of(),
                                List.of(),
                                List.of(new InternalTopic(
                                        "log", 0, (short) 3, List.of(new Config("cleanup.policy", "compact")))),
                                List.of(),
                                List.of(new InternalTopic("rep", 12, (short) 0, List.of())),
                                List.of(new CopartitionGroup(List.of(), List.of(), List.of((short) 0))))));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldWriteByteForByteAsKafka(Pair pair) {
        // when
        EncodedRecord encoded = GroupRecordCodec.encode(pair.ours());

        // then
        assertThat(encoded.key()).isEqualTo(keyBytes(pair));
        assertThat(encoded.value()).isEqualTo(valueBytes(pair));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldReadWhatKafkaWrites(Pair pair) {
        // when
        GroupRecord read = GroupRecordCodec.decode(keyBytes(pair), valueBytes(pair));

        // then
        assertThat(read).isEqualTo(pair.ours());
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldRefuseDamagedRecordsWithoutBelievingTheirLengths(Pair pair) {
        long seed = 11;
        Random random = new Random(seed);
        EncodedRecord encoded = GroupRecordCodec.encode(pair.ours());
        for (int i = 0; i < 2_000; i++) {
            ByteBuffer value = encoded.value();
            ByteBuffer key = value == null ? damaged(encoded.key(), random) : encoded.key();
            try {
                GroupRecordCodec.decode(key, value == null ? null : damaged(value, random));
            } catch (CorruptGroupRecordException e) {
                assertThat(e).as("seed %d, round %d", seed, i).hasMessageNotContaining("OutOfMemory");
            }
        }
    }

    private static ByteBuffer damaged(ByteBuffer bytes, Random random) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        for (int i = random.nextInt(3); i >= 0; i--) {
            copy.put(random.nextInt(copy.limit()), (byte) random.nextInt());
        }
        return copy;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldRefuseEveryRecordThatIsCutShort(Pair pair) {
        EncodedRecord encoded = GroupRecordCodec.encode(pair.ours());
        ByteBuffer value = encoded.value();
        for (int length = 0; value != null && length < value.limit(); length++) {
            ByteBuffer cut = value.duplicate().limit(length);
            assertThatThrownBy(() -> GroupRecordCodec.decode(encoded.key(), cut))
                    .isInstanceOf(CorruptGroupRecordException.class);
        }
    }

    @Test
    void shouldTakeTheMembersEpochForTasksWithoutOne() {
        // given: as brokers wrote it before tasks had epochs
        StreamsGroupCurrentMemberAssignmentValue old = new StreamsGroupCurrentMemberAssignmentValue()
                .setMemberEpoch(6)
                .setPreviousMemberEpoch(5)
                .setState((byte) 1)
                .setActiveTasks(List.of(new StreamsGroupCurrentMemberAssignmentValue.TaskIds()
                        .setSubtopologyId("0")
                        .setPartitions(List.of(2))));
        Pair pair = new Pair(
                StreamsGroupRecord.tombstone("g"),
                new StreamsGroupCurrentMemberAssignmentKey().setGroupId("g").setMemberId("m"),
                old);

        // when
        GroupRecord read = GroupRecordCodec.decode(keyBytes(pair), valueBytes(pair));

        // then
        assertThat(read)
                .isEqualTo(new StreamsGroupCurrentAssignmentRecord(
                        "g",
                        "m",
                        new StreamsGroupCurrentAssignmentRecord.Value(
                                6,
                                5,
                                MemberState.STABLE,
                                new HeldTasks(TaskEpochs.of(TaskSet.of("0", 2), 6), TaskSet.EMPTY, TaskSet.EMPTY),
                                HeldTasks.EMPTY)));
    }

    // ---- Kafka's side

    private static ByteBuffer keyBytes(Pair pair) {
        return MessageUtil.toCoordinatorTypePrefixedByteBuffer(pair.key());
    }

    private static @Nullable ByteBuffer valueBytes(Pair pair) {
        ApiMessage value = pair.value();
        return value == null ? null : MessageUtil.toVersionPrefixedByteBuffer((short) 0, value);
    }

    private static Pair tombstone(GroupRecord ours, ApiMessage key) {
        return new Pair(ours, key, null);
    }

    private static Pair group(int epoch, long hash, int validated, Map<String, String> configs) {
        StreamsGroupMetadataValue value = new StreamsGroupMetadataValue()
                .setEpoch(epoch)
                .setMetadataHash(hash)
                .setValidatedTopologyEpoch(validated)
                .setLastAssignmentConfigs(new TreeMap<>(configs)
                        .entrySet().stream()
                                .map(config -> new LastAssignmentConfig()
                                        .setKey(config.getKey())
                                        .setValue(config.getValue()))
                                .toList());
        return new Pair(
                new StreamsGroupRecord("g", new StreamsGroupRecord.Value(epoch, hash, validated, configs)),
                new StreamsGroupMetadataKey().setGroupId("g"),
                value);
    }

    private static Pair member(
            @Nullable String instanceId,
            @Nullable String rackId,
            String processId,
            @Nullable Endpoint endpoint,
            Map<String, String> tags) {
        StreamsGroupMemberMetadataValue value = new StreamsGroupMemberMetadataValue()
                .setInstanceId(instanceId)
                .setRackId(rackId)
                .setClientId("client")
                .setClientHost("/127.0.0.1")
                .setRebalanceTimeoutMs(60_000)
                .setTopologyEpoch(4)
                .setProcessId(processId)
                .setUserEndpoint(
                        endpoint == null
                                ? null
                                : new StreamsGroupMemberMetadataValue.Endpoint()
                                        .setHost(endpoint.host())
                                        .setPort(endpoint.port()))
                .setClientTags(new TreeMap<>(tags)
                        .entrySet().stream()
                                .map(tag -> new StreamsGroupMemberMetadataValue.KeyValue()
                                        .setKey(tag.getKey())
                                        .setValue(tag.getValue()))
                                .toList());
        return new Pair(
                new StreamsGroupMemberRecord(
                        "g",
                        "m",
                        new StreamsGroupMemberRecord.Value(
                                instanceId, rackId, "client", "/127.0.0.1", 60_000, 4, processId, endpoint, tags)),
                new StreamsGroupMemberMetadataKey().setGroupId("g").setMemberId("m"),
                value);
    }

    private static Pair targetEpoch(int epoch, long timeMs) {
        return new Pair(
                new StreamsGroupTargetEpochRecord("g", new StreamsGroupTargetEpochRecord.Value(epoch, timeMs)),
                new StreamsGroupTargetAssignmentMetadataKey().setGroupId("g"),
                new StreamsGroupTargetAssignmentMetadataValue()
                        .setAssignmentEpoch(epoch)
                        .setAssignmentTimestamp(timeMs));
    }

    private static Pair target(TaskAssignment tasks) {
        return new Pair(
                new StreamsGroupTargetAssignmentRecord("g", "m", tasks),
                new StreamsGroupTargetAssignmentMemberKey().setGroupId("g").setMemberId("m"),
                new StreamsGroupTargetAssignmentMemberValue()
                        .setActiveTasks(targetIds(tasks.active()))
                        .setStandbyTasks(targetIds(tasks.standby()))
                        .setWarmupTasks(targetIds(tasks.warmup())));
    }

    private static List<StreamsGroupTargetAssignmentMemberValue.TaskIds> targetIds(TaskSet tasks) {
        List<StreamsGroupTargetAssignmentMemberValue.TaskIds> ids = new ArrayList<>();
        tasks.bySubtopology()
                .forEach((id, partitions) -> ids.add(new StreamsGroupTargetAssignmentMemberValue.TaskIds()
                        .setSubtopologyId(id)
                        .setPartitions(List.copyOf(partitions))));
        return ids;
    }

    private static Pair current(
            int epoch, int previousEpoch, MemberState state, HeldTasks assigned, HeldTasks toRevoke) {
        return new Pair(
                new StreamsGroupCurrentAssignmentRecord(
                        "g",
                        "m",
                        new StreamsGroupCurrentAssignmentRecord.Value(epoch, previousEpoch, state, assigned, toRevoke)),
                new StreamsGroupCurrentMemberAssignmentKey().setGroupId("g").setMemberId("m"),
                new StreamsGroupCurrentMemberAssignmentValue()
                        .setMemberEpoch(epoch)
                        .setPreviousMemberEpoch(previousEpoch)
                        .setState(org.apache.kafka.coordinator.group.streams.MemberState.valueOf(state.name())
                                .value())
                        .setActiveTasks(currentIds(assigned.active()))
                        .setStandbyTasks(currentIds(assigned.standby()))
                        .setWarmupTasks(currentIds(assigned.warmup()))
                        .setActiveTasksPendingRevocation(currentIds(toRevoke.active()))
                        .setStandbyTasksPendingRevocation(currentIds(toRevoke.standby()))
                        .setWarmupTasksPendingRevocation(currentIds(toRevoke.warmup())));
    }

    private static List<StreamsGroupCurrentMemberAssignmentValue.TaskIds> currentIds(TaskEpochs tasks) {
        List<StreamsGroupCurrentMemberAssignmentValue.TaskIds> ids = currentIds(tasks.tasks());
        ids.forEach(own -> own.setAssignmentEpochs(own.partitions().stream()
                .map(partition -> tasks.epoch(own.subtopologyId(), partition))
                .toList()));
        return ids;
    }

    private static List<StreamsGroupCurrentMemberAssignmentValue.TaskIds> currentIds(TaskSet tasks) {
        List<StreamsGroupCurrentMemberAssignmentValue.TaskIds> ids = new ArrayList<>();
        tasks.bySubtopology()
                .forEach((id, partitions) -> ids.add(new StreamsGroupCurrentMemberAssignmentValue.TaskIds()
                        .setSubtopologyId(id)
                        .setPartitions(List.copyOf(partitions))));
        return ids;
    }

    private static Pair topology(StreamsTopology topology) {
        List<StreamsGroupTopologyValue.Subtopology> subtopologies = new ArrayList<>();
        for (Subtopology ours : topology.subtopologies()) {
            subtopologies.add(new StreamsGroupTopologyValue.Subtopology()
                    .setSubtopologyId(ours.id())
                    .setSourceTopics(ours.sourceTopics())
                    .setSourceTopicRegex(ours.sourceTopicRegex())
                    .setStateChangelogTopics(topics(ours.stateChangelogs()))
                    .setRepartitionSinkTopics(ours.repartitionSinks())
                    .setRepartitionSourceTopics(topics(ours.repartitionSources()))
                    .setCopartitionGroups(ours.copartitionGroups().stream()
                            .map(group -> new StreamsGroupTopologyValue.CopartitionGroup()
                                    .setSourceTopics(group.sourceTopics())
                                    .setSourceTopicRegex(group.sourceTopicRegex())
                                    .setRepartitionSourceTopics(group.repartitionSources()))
                            .toList()));
        }
        return new Pair(
                new StreamsGroupTopologyRecord("g", topology),
                new StreamsGroupTopologyKey().setGroupId("g"),
                new StreamsGroupTopologyValue().setEpoch(topology.epoch()).setSubtopologies(subtopologies));
    }

    private static List<StreamsGroupTopologyValue.TopicInfo> topics(List<InternalTopic> topics) {
        return topics.stream()
                .map(topic -> new StreamsGroupTopologyValue.TopicInfo()
                        .setName(topic.name())
                        .setPartitions(topic.partitions())
                        .setReplicationFactor(topic.replicationFactor())
                        .setTopicConfigs(topic.configs().stream()
                                .map(config -> new StreamsGroupTopologyValue.TopicConfig()
                                        .setKey(config.key())
                                        .setValue(config.value()))
                                .toList()))
                .toList();
    }
}
