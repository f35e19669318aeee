package io.penstock.core.group.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.core.group.record.ConsumerGroupCurrentAssignmentRecord.MemberState;
import io.penstock.core.group.record.ConsumerGroupMemberRecord.ClassicMetadata;
import io.penstock.core.group.record.ConsumerGroupMemberRecord.Protocol;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupPartitionMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupPartitionMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupRegularExpressionKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupRegularExpressionValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberValue.TopicPartition;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The records of consumer groups, ours and Kafka's, side by side. */
class ConsumerGroupRecordCodecTest {
    private static final Uuid FIRST = new Uuid(1, 2);
    private static final Uuid SECOND = new Uuid(0x7fff_5678_9abc_def0L, -42);
    private static final int MANY = 300;

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
                        Stream.of(
                                group(7, 0),
                                group(Integer.MAX_VALUE, -1),
                                targetEpoch(3, 0),
                                targetEpoch(4, 1_700_000_000_000L),
                                regex(List.of(), 0, -1),
                                regex(List.of("a", "größer", "x".repeat(249)), 5, 1_700_000_000_000L)),
                        members(),
                        assignments(),
                        tombstones())
                .flatMap(pairs -> pairs);
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
    void shouldNotMakeRoomForNumbersThatAreNotThere() {
        // given: a target assignment of one topic with a billion partitions, or so it says
        ByteBuffer key = GroupRecordCodec.encode(ConsumerGroupTargetAssignmentRecord.tombstone("g", "m"))
                .key();
        ByteBuffer value = ByteBuffer.allocate(64).putShort((short) 0).put((byte) 2);
        value.putLong(1).putLong(2).put(new byte[] {(byte) 0x81, (byte) 0x80, (byte) 0x80, (byte) 0x80, 4});

        // when, then
        assertThatThrownBy(() -> GroupRecordCodec.decode(key, value.rewind()))
                .isInstanceOf(CorruptGroupRecordException.class)
                .hasMessageContaining("expected a length of 0 to");
    }

    @Test
    void shouldRefuseTaggedFieldThatIsLongerThanItsContents() {
        // given
        ByteBuffer key =
                GroupRecordCodec.encode(ConsumerGroupRecord.tombstone("g")).key();
        ByteBuffer value = ByteBuffer.allocate(32).putShort((short) 0).putInt(5);
        value.put(new byte[] {1, 0, 9}).putLong(77).put((byte) 0).flip();

        // when, then
        assertThatThrownBy(() -> GroupRecordCodec.decode(key, value))
                .isInstanceOf(CorruptGroupRecordException.class)
                .hasMessageContaining("tagged field");
    }

    @Test
    void shouldPassOverTaggedFieldsOfNewerBrokers() {
        // given: tag 9 with three bytes before the end
        ByteBuffer key =
                GroupRecordCodec.encode(ConsumerGroupRecord.tombstone("g")).key();
        ByteBuffer value = ByteBuffer.allocate(32).putShort((short) 0).putInt(5);
        value.put(new byte[] {2, 0, 8})
                .putLong(77)
                .put(new byte[] {9, 3, 1, 2, 3})
                .flip();

        // when, then
        assertThat(GroupRecordCodec.decode(key, value))
                .isEqualTo(new ConsumerGroupRecord("g", new ConsumerGroupRecord.Value(5, 77)));
    }

    @Test
    void shouldNotLookAtTopicsOfOldBrokers() {
        // given
        ApiMessage key = new ConsumerGroupPartitionMetadataKey().setGroupId("g");
        ApiMessage value = new ConsumerGroupPartitionMetadataValue()
                .setTopics(List.of(new ConsumerGroupPartitionMetadataValue.TopicMetadata()
                        .setTopicId(FIRST)
                        .setTopicName("t")
                        .setNumPartitions(3)));

        // when
        GroupRecord read = GroupRecordCodec.decode(
                MessageUtil.toVersionPrefixedByteBuffer((short) 0, key).putShort(0, (short) 4),
                MessageUtil.toVersionPrefixedByteBuffer((short) 0, value));

        // then
        assertThat(read).isEqualTo(new ConsumerGroupPartitionMetadataRecord("g", false));
    }

    @Test
    void shouldTakeTheMembersEpochForPartitionsOfOldBrokers() {
        // given: one topic without epochs, one with fewer than it has partitions
        ApiMessage value = new ConsumerGroupCurrentMemberAssignmentValue()
                .setMemberEpoch(9)
                .setAssignedPartitions(List.of(
                        new TopicPartitions().setTopicId(FIRST).setPartitions(List.of(4, 2)),
                        new TopicPartitions()
                                .setTopicId(SECOND)
                                .setPartitions(List.of(1, 2))
                                .setAssignmentEpochs(List.of(3))));

        // when, then
        assertThat(readCurrent(value).assigned())
                .isEqualTo(PartitionEpochs.of(Map.of(FIRST, Map.of(2, 9, 4, 9), SECOND, Map.of(1, 9, 2, 9))));
    }

    @Test
    void shouldTakeZeroForPartitionsOfStaticMembersThatLeft() {
        // given
        ApiMessage value = new ConsumerGroupCurrentMemberAssignmentValue()
                .setMemberEpoch(-2)
                .setAssignedPartitions(List.of(new TopicPartitions()
                        .setTopicId(FIRST)
                        .setPartitions(List.of(1))
                        .setAssignmentEpochs(null)));

        // when, then
        assertThat(readCurrent(value).assigned()).isEqualTo(PartitionEpochs.of(PartitionSet.of(FIRST, 1), 0));
    }

    @Test
    void shouldReadStatesOfNewerBrokersAsUnknown() {
        assertThat(readCurrent(new ConsumerGroupCurrentMemberAssignmentValue().setState((byte) 3))
                        .state())
                .isEqualTo(MemberState.UNKNOWN);
    }

    @Test
    void shouldRefuseToWriteWhatIsObsolete() {
        assertThatThrownBy(() -> GroupRecordCodec.encode(new ConsumerGroupPartitionMetadataRecord("g", false)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // ---- pairs

    private static Pair group(int epoch, long hash) {
        return new Pair(
                new ConsumerGroupRecord("gruppe", new ConsumerGroupRecord.Value(epoch, hash)),
                new ConsumerGroupMetadataKey().setGroupId("gruppe"),
                new ConsumerGroupMetadataValue().setEpoch(epoch).setMetadataHash(hash));
    }

    private static Pair targetEpoch(int epoch, long timeMs) {
        return new Pair(
                new ConsumerGroupTargetEpochRecord("g", new ConsumerGroupTargetEpochRecord.Value(epoch, timeMs)),
                new ConsumerGroupTargetAssignmentMetadataKey().setGroupId("g"),
                new ConsumerGroupTargetAssignmentMetadataValue()
                        .setAssignmentEpoch(epoch)
                        .setAssignmentTimestamp(timeMs));
    }

    private static Pair regex(List<String> topics, long version, long timeMs) {
        return new Pair(
                new ConsumerGroupRegexRecord(
                        "g", "a.*|grö+ßer", new ConsumerGroupRegexRecord.Value(topics, version, timeMs)),
                new ConsumerGroupRegularExpressionKey().setGroupId("g").setRegularExpression("a.*|grö+ßer"),
                new ConsumerGroupRegularExpressionValue()
                        .setTopics(topics)
                        .setVersion(version)
                        .setTimestamp(timeMs));
    }

    private static Stream<Pair> members() {
        return Stream.of(
                member("i", "rack", "a.*", "uniform", null),
                member(null, null, null, null, null),
                member("", "", "", "", new ClassicMetadata(45_000, List.of())),
                member(
                        null,
                        null,
                        null,
                        null,
                        new ClassicMetadata(
                                45_000,
                                List.of(
                                        new Protocol("range", OpaqueBytes.of(new byte[MANY])),
                                        new Protocol("sticky", OpaqueBytes.EMPTY)))),
                member(null, null, null, null, new ClassicMetadata(0, List.of())));
    }

    private static Pair member(
            @Nullable String instanceId,
            @Nullable String rackId,
            @Nullable String regex,
            @Nullable String assignor,
            @Nullable ClassicMetadata classic) {
        List<String> topics = List.of("a", "ö");
        ConsumerGroupMemberMetadataValue kafkas = new ConsumerGroupMemberMetadataValue()
                .setInstanceId(instanceId)
                .setRackId(rackId)
                .setClientId("client")
                .setClientHost("/127.0.0.1")
                .setSubscribedTopicNames(topics)
                .setSubscribedTopicRegex(regex)
                .setRebalanceTimeoutMs(300_000)
                .setServerAssignor(assignor)
                .setClassicMemberMetadata(kafkas(classic));
        return new Pair(
                new ConsumerGroupMemberRecord(
                        "g",
                        "m",
                        new ConsumerGroupMemberRecord.Value(
                                instanceId, rackId, "client", "/127.0.0.1", topics, regex, 300_000, assignor, classic)),
                new ConsumerGroupMemberMetadataKey().setGroupId("g").setMemberId("m"),
                kafkas);
    }

    private static ConsumerGroupMemberMetadataValue.@Nullable ClassicMemberMetadata kafkas(
            @Nullable ClassicMetadata classic) {
        if (classic == null) {
            return null;
        }
        return new ConsumerGroupMemberMetadataValue.ClassicMemberMetadata()
                .setSessionTimeoutMs(classic.sessionTimeoutMs())
                .setSupportedProtocols(classic.supportedProtocols().stream()
                        .map(protocol -> new ConsumerGroupMemberMetadataValue.ClassicProtocol()
                                .setName(protocol.name())
                                .setMetadata(protocol.metadata().array()))
                        .toList());
    }

    private static Stream<Pair> assignments() {
        int[] many = IntStream.range(0, MANY).toArray();
        return Stream.of(
                target(PartitionSet.EMPTY, List.of()),
                target(
                        PartitionSet.of(Map.of(SECOND, List.of(1, 0), FIRST, List.of(5))),
                        List.of(
                                new TopicPartition().setTopicId(FIRST).setPartitions(List.of(5)),
                                new TopicPartition().setTopicId(SECOND).setPartitions(List.of(0, 1)))),
                target(
                        PartitionSet.of(FIRST, many),
                        List.of(new TopicPartition()
                                .setTopicId(FIRST)
                                .setPartitions(IntStream.of(many).boxed().toList()))),
                current(PartitionEpochs.EMPTY, PartitionEpochs.EMPTY, MemberState.STABLE, List.of(), List.of()),
                current(
                        PartitionEpochs.of(Map.of(FIRST, Map.of(3, 8, 1, 9))),
                        PartitionEpochs.of(Map.of(SECOND, Map.of(0, 0))),
                        MemberState.UNREVOKED_PARTITIONS,
                        List.of(new TopicPartitions()
                                .setTopicId(FIRST)
                                .setPartitions(List.of(1, 3))
                                .setAssignmentEpochs(List.of(9, 8))),
                        List.of(new TopicPartitions()
                                .setTopicId(SECOND)
                                .setPartitions(List.of(0))
                                .setAssignmentEpochs(List.of(0)))),
                current(
                        PartitionEpochs.EMPTY,
                        PartitionEpochs.EMPTY,
                        MemberState.UNRELEASED_PARTITIONS,
                        List.of(),
                        List.of()));
    }

    private static Pair target(PartitionSet ours, List<TopicPartition> kafkas) {
        return new Pair(
                new ConsumerGroupTargetAssignmentRecord("g", "m", ours),
                new ConsumerGroupTargetAssignmentMemberKey().setGroupId("g").setMemberId("m"),
                new ConsumerGroupTargetAssignmentMemberValue().setTopicPartitions(kafkas));
    }

    private static Pair current(
            PartitionEpochs assigned,
            PartitionEpochs pendingRevocation,
            MemberState state,
            List<TopicPartitions> kafkasAssigned,
            List<TopicPartitions> kafkasPending) {
        return new Pair(
                new ConsumerGroupCurrentAssignmentRecord(
                        "g",
                        "m",
                        new ConsumerGroupCurrentAssignmentRecord.Value(9, 8, state, assigned, pendingRevocation)),
                new ConsumerGroupCurrentMemberAssignmentKey().setGroupId("g").setMemberId("m"),
                new ConsumerGroupCurrentMemberAssignmentValue()
                        .setMemberEpoch(9)
                        .setPreviousMemberEpoch(8)
                        .setState(state.code())
                        .setAssignedPartitions(kafkasAssigned)
                        .setPartitionsPendingRevocation(kafkasPending));
    }

    private static Stream<Pair> tombstones() {
        return Stream.of(
                new Pair(ConsumerGroupRecord.tombstone("g"), new ConsumerGroupMetadataKey().setGroupId("g"), null),
                new Pair(
                        ConsumerGroupPartitionMetadataRecord.tombstone("g"),
                        new ConsumerGroupPartitionMetadataKey().setGroupId("g"),
                        null),
                new Pair(
                        ConsumerGroupMemberRecord.tombstone("g", "m"),
                        new ConsumerGroupMemberMetadataKey().setGroupId("g").setMemberId("m"),
                        null),
                new Pair(
                        ConsumerGroupTargetEpochRecord.tombstone("g"),
                        new ConsumerGroupTargetAssignmentMetadataKey().setGroupId("g"),
                        null),
                new Pair(
                        ConsumerGroupTargetAssignmentRecord.tombstone("g", "m"),
                        new ConsumerGroupTargetAssignmentMemberKey()
                                .setGroupId("g")
                                .setMemberId("m"),
                        null),
                new Pair(
                        ConsumerGroupCurrentAssignmentRecord.tombstone("g", "m"),
                        new ConsumerGroupCurrentMemberAssignmentKey()
                                .setGroupId("g")
                                .setMemberId("m"),
                        null),
                new Pair(
                        ConsumerGroupRegexRecord.tombstone("g", "r"),
                        new ConsumerGroupRegularExpressionKey().setGroupId("g").setRegularExpression("r"),
                        null));
    }

    // ---- helpers

    private static ConsumerGroupCurrentAssignmentRecord.Value readCurrent(ApiMessage value) {
        ByteBuffer key = GroupRecordCodec.encode(ConsumerGroupCurrentAssignmentRecord.tombstone("g", "m"))
                .key();
        GroupRecord read = GroupRecordCodec.decode(key, MessageUtil.toVersionPrefixedByteBuffer((short) 0, value));
        if (read instanceof ConsumerGroupCurrentAssignmentRecord current && current.value() != null) {
            return current.value();
        }
        throw new AssertionError("expected a current assignment, found " + read);
    }

    private static ByteBuffer keyBytes(Pair pair) {
        return MessageUtil.toVersionPrefixedByteBuffer((short) 0, pair.key())
                .putShort(0, pair.key().apiKey());
    }

    private static @Nullable ByteBuffer valueBytes(Pair pair) {
        ApiMessage value = pair.value();
        return value == null ? null : MessageUtil.toVersionPrefixedByteBuffer((short) 0, value);
    }

    private static ByteBuffer damaged(ByteBuffer original, Random random) {
        byte[] copy = new byte[original.remaining()];
        original.get(copy);
        copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
        copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        return ByteBuffer.wrap(copy, 0, 1 + random.nextInt(copy.length));
    }
}
