package io.penstock.core.group.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.core.group.record.ClassicGroupRecord.Member;
import io.penstock.core.group.record.ClassicGroupRecord.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.coordinator.group.generated.GroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue.MemberMetadata;
import org.apache.kafka.coordinator.group.generated.LegacyOffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupRecordCodecTest {
    private static final Uuid TOPIC_ID = new Uuid(0x1234_5678_9abc_def0L, 42);
    private static final CommittedOffset OFFSET = new CommittedOffset(
            1_234_567_890_123L, 7, "höher", 1_700_000_000_000L, CommittedOffset.NO_EXPIRY, TOPIC_ID);
    private static final Member STATIC_MEMBER =
            new Member("i-1", "i", "client", "/127.0.0.1", 60_000, 45_000, bytes(1, 2, 3), bytes(4, 5));
    private static final Member DYNAMIC_MEMBER =
            new Member("c-2", null, "c", "/::1", 300_000, 10_000, bytes(9), OpaqueBytes.EMPTY);
    private static final Value GROUP =
            new Value("consumer", 42, "range", "i-1", 1_700_000_000_000L, List.of(STATIC_MEMBER, DYNAMIC_MEMBER));

    // ---- what we write, Kafka reads

    @Test
    void shouldWriteOffsetsThatKafkaReads() {
        // when
        EncodedRecord encoded = GroupRecordCodec.encode(new OffsetRecord("g", "t", 3, OFFSET));

        // then
        OffsetCommitKey key = new OffsetCommitKey(after(encoded.key(), 1), (short) 0);
        assertThat(key)
                .isEqualTo(new OffsetCommitKey().setGroup("g").setTopic("t").setPartition(3));
        OffsetCommitValue value = new OffsetCommitValue(after(valueOf(encoded), 4), (short) 4);
        assertThat(value)
                .isEqualTo(new OffsetCommitValue()
                        .setOffset(OFFSET.offset())
                        .setLeaderEpoch(7)
                        .setMetadata("höher")
                        .setCommitTimestamp(OFFSET.commitTimeMs())
                        .setTopicId(TOPIC_ID));
    }

    @Test
    void shouldWriteOffsetsByteForByteAsKafka() {
        // given
        OffsetCommitValue kafkas = new OffsetCommitValue()
                .setOffset(OFFSET.offset())
                .setLeaderEpoch(7)
                .setMetadata("höher")
                .setCommitTimestamp(OFFSET.commitTimeMs())
                .setTopicId(TOPIC_ID);

        // when
        EncodedRecord encoded = GroupRecordCodec.encode(new OffsetRecord("g", "t", 3, OFFSET));

        // then
        assertThat(valueOf(encoded)).isEqualTo(MessageUtil.toVersionPrefixedByteBuffer((short) 4, kafkas));
    }

    @Test
    void shouldWriteOffsetWithOwnExpiryInTheVersionThatHasIt() {
        // given
        CommittedOffset expiring = new CommittedOffset(5, 7, "m", 100, 200, TOPIC_ID);

        // when
        EncodedRecord encoded = GroupRecordCodec.encode(new OffsetRecord("g", "t", 3, expiring));

        // then
        OffsetCommitValue value = new OffsetCommitValue(after(valueOf(encoded), 1), (short) 1);
        assertThat(value)
                .isEqualTo(new OffsetCommitValue()
                        .setOffset(5)
                        .setMetadata("m")
                        .setCommitTimestamp(100)
                        .setExpireTimestamp(200));
    }

    @Test
    void shouldLeaveUnknownTopicIdOut() {
        // given
        CommittedOffset offset = new CommittedOffset(5, -1, "", 100, CommittedOffset.NO_EXPIRY, Uuid.ZERO_UUID);
        OffsetCommitValue kafkas =
                new OffsetCommitValue().setOffset(5).setMetadata("").setCommitTimestamp(100);

        // when
        EncodedRecord encoded = GroupRecordCodec.encode(new OffsetRecord("g", "t", 3, offset));

        // then
        assertThat(valueOf(encoded)).isEqualTo(MessageUtil.toVersionPrefixedByteBuffer((short) 4, kafkas));
    }

    @Test
    void shouldWriteGroupsByteForByteAsKafka() {
        // when
        EncodedRecord encoded = GroupRecordCodec.encode(new ClassicGroupRecord("gruppe", GROUP));

        // then
        assertThat(encoded.key())
                .isEqualTo(
                        MessageUtil.toVersionPrefixedByteBuffer((short) 2, new GroupMetadataKey().setGroup("gruppe")));
        assertThat(valueOf(encoded)).isEqualTo(MessageUtil.toVersionPrefixedByteBuffer((short) 3, kafkas(GROUP)));
    }

    @Test
    void shouldWriteEmptyGroupsByteForByteAsKafka() {
        // given
        Value empty = new Value("", 0, null, null, 77, List.of());

        // when
        EncodedRecord encoded = GroupRecordCodec.encode(new ClassicGroupRecord("g", empty));

        // then
        assertThat(valueOf(encoded)).isEqualTo(MessageUtil.toVersionPrefixedByteBuffer((short) 3, kafkas(empty)));
    }

    @Test
    void shouldWriteTombstonesWithoutValue() {
        assertThat(GroupRecordCodec.encode(ClassicGroupRecord.tombstone("g")).value())
                .isNull();
        assertThat(GroupRecordCodec.encode(OffsetRecord.tombstone("g", "t", 1)).value())
                .isNull();
    }

    @Test
    void shouldRefuseTextThatIsTooLongForTheFormat() {
        assertThatThrownBy(() -> GroupRecordCodec.encode(ClassicGroupRecord.tombstone("ö".repeat(20_000))))
                .isInstanceOf(UnstorableRecordException.class)
                .hasMessageContaining("40000 bytes");
    }

    // ---- what Kafka writes, we read

    @ParameterizedTest
    @ValueSource(shorts = {0, 1, 2, 3, 4})
    void shouldReadOffsetsOfEveryVersion(short version) {
        // given
        OffsetCommitValue value = new OffsetCommitValue()
                .setOffset(OFFSET.offset())
                .setMetadata("höher")
                .setCommitTimestamp(OFFSET.commitTimeMs())
                .setLeaderEpoch(version >= 3 ? 7 : -1)
                .setExpireTimestamp(version == 1 ? 99 : -1)
                .setTopicId(version >= 4 ? TOPIC_ID : Uuid.ZERO_UUID);
        OffsetCommitKey key = new OffsetCommitKey().setGroup("g").setTopic("t").setPartition(3);

        // when
        GroupRecord record = decode(1, key, version, value);

        // then
        assertThat(record)
                .isEqualTo(new OffsetRecord(
                        "g",
                        "t",
                        3,
                        new CommittedOffset(
                                OFFSET.offset(),
                                value.leaderEpoch(),
                                "höher",
                                OFFSET.commitTimeMs(),
                                value.expireTimestamp(),
                                value.topicId())));
    }

    @Test
    void shouldReadLegacyKeys() {
        // given
        LegacyOffsetCommitKey key =
                new LegacyOffsetCommitKey().setGroup("g").setTopic("t").setPartition(3);

        // when
        GroupRecord record = decode(0, key, (short) 0, null);

        // then
        assertThat(record).isEqualTo(OffsetRecord.tombstone("g", "t", 3));
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, 1, 2, 3, 4})
    void shouldReadGroupsOfEveryVersion(short version) {
        // given
        GroupMetadataKey key = new GroupMetadataKey().setGroup("g");

        // when
        GroupRecord record = decode(2, key, version, kafkas(GROUP));

        // then
        assertThat(record).isEqualTo(new ClassicGroupRecord("g", inVersion(GROUP, version)));
    }

    @Test
    void shouldPassOverTypesThatAreNotKnown() {
        // given
        ByteBuffer key = ByteBuffer.allocate(10).putShort((short) 99).putLong(1).flip();

        // when, then
        assertThat(GroupRecordCodec.decode(key, null)).isNull();
    }

    @Test
    void shouldRefuseValuesOfUnknownVersions() {
        // given
        ByteBuffer key =
                GroupRecordCodec.encode(new ClassicGroupRecord("g", GROUP)).key();
        ByteBuffer value = ByteBuffer.allocate(2).putShort((short) 5).flip();

        // when, then
        assertThatThrownBy(() -> GroupRecordCodec.decode(key, value))
                .isInstanceOf(CorruptGroupRecordException.class)
                .hasMessageContaining("found 5");
    }

    @Test
    void shouldRefuseDamagedRecordsWithoutBelievingTheirLengths() {
        Random random = new Random(7);
        EncodedRecord group = GroupRecordCodec.encode(new ClassicGroupRecord("g", GROUP));
        EncodedRecord offset = GroupRecordCodec.encode(new OffsetRecord("g", "t", 3, OFFSET));
        for (int i = 0; i < 20_000; i++) {
            EncodedRecord record = i % 2 == 0 ? group : offset;
            ByteBuffer value = damaged(valueOf(record), random);
            try {
                GroupRecordCodec.decode(record.key(), value);
            } catch (CorruptGroupRecordException e) {
                assertThat(e).hasMessageNotContaining("OutOfMemory");
            }
        }
    }

    @Test
    void shouldNeverUnderstateTheSizeOfARecord() {
        // given
        EncodedRecord record = GroupRecordCodec.encode(new OffsetRecord("g", "t", 3, OFFSET));

        // when, then
        assertThat(record.sizeBytes())
                .isGreaterThanOrEqualTo(org.apache.kafka.common.record.internal.DefaultRecord.sizeInBytes(
                        1_000_000,
                        Long.MAX_VALUE,
                        record.key(),
                        record.value(),
                        new org.apache.kafka.common.header.Header[0]));
    }

    // ---- helpers

    private static ByteBuffer damaged(ByteBuffer original, Random random) {
        byte[] copy = new byte[original.remaining()];
        original.get(copy);
        copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
        copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        return ByteBuffer.wrap(copy, 0, 1 + random.nextInt(copy.length));
    }

    private static ByteBuffer valueOf(EncodedRecord record) {
        ByteBuffer value = record.value();
        if (value == null) {
            throw new AssertionError("expected a value, found a tombstone");
        }
        return value;
    }

    private static GroupRecord decode(int type, ApiMessage key, short version, @Nullable ApiMessage value) {
        ByteBuffer keyBytes =
                MessageUtil.toVersionPrefixedByteBuffer((short) 0, key).putShort(0, (short) type);
        ByteBuffer valueBytes = value == null ? null : MessageUtil.toVersionPrefixedByteBuffer(version, value);
        GroupRecord record = GroupRecordCodec.decode(keyBytes, valueBytes);
        if (record == null) {
            throw new AssertionError("expected a record, found an unknown type");
        }
        return record;
    }

    private static ByteBufferAccessor after(ByteBuffer bytes, int expectedShort) {
        assertThat(bytes.getShort()).isEqualTo((short) expectedShort);
        return new ByteBufferAccessor(bytes);
    }

    private static GroupMetadataValue kafkas(Value value) {
        List<MemberMetadata> members = new ArrayList<>();
        for (Member member : value.members()) {
            members.add(new MemberMetadata()
                    .setMemberId(member.memberId())
                    .setGroupInstanceId(member.instanceId())
                    .setClientId(member.clientId())
                    .setClientHost(member.clientHost())
                    .setRebalanceTimeout(member.rebalanceTimeoutMs())
                    .setSessionTimeout(member.sessionTimeoutMs())
                    .setSubscription(member.subscription().array())
                    .setAssignment(member.assignment().array()));
        }
        return new GroupMetadataValue()
                .setProtocolType(value.protocolType())
                .setGeneration(value.generation())
                .setProtocol(value.protocol())
                .setLeader(value.leader())
                .setCurrentStateTimestamp(value.stateTimeMs())
                .setMembers(members);
    }

    /** What is left of a group in an older version. */
    private static Value inVersion(Value value, short version) {
        List<Member> members = value.members().stream()
                .map(member -> new Member(
                        member.memberId(),
                        version >= 3 ? member.instanceId() : null,
                        member.clientId(),
                        member.clientHost(),
                        version >= 1 ? member.rebalanceTimeoutMs() : Member.NO_TIMEOUT,
                        member.sessionTimeoutMs(),
                        member.subscription(),
                        member.assignment()))
                .toList();
        return new Value(
                value.protocolType(),
                value.generation(),
                value.protocol(),
                value.leader(),
                version >= 2 ? value.stateTimeMs() : Value.NO_TIME,
                members);
    }

    private static OpaqueBytes bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return OpaqueBytes.of(bytes);
    }
}
