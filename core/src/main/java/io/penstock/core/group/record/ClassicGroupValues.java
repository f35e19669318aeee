package io.penstock.core.group.record;

import io.penstock.core.group.record.ClassicGroupRecord.Member;
import io.penstock.core.group.record.ClassicGroupRecord.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * The value of a classic group's record. Stateless.
 *
 * <pre>
 * protocol type: string, generation: int32, protocol: nullable string, leader: nullable string, state time: int64 (2+), members
 * member := id: string, instance id: nullable string (3+), client id: string, client host: string,
 *           rebalance timeout: int32 (1+), session timeout: int32, subscription: bytes, assignment: bytes
 * Version 4 is the same in flexible encoding; brokers read it but do not write it.
 * </pre>
 */
final class ClassicGroupValues {
    private static final short WITH_REBALANCE_TIMEOUT = 1;
    private static final short WITH_STATE_TIME = 2;
    private static final short WITH_INSTANCE_ID = 3;
    private static final short FLEXIBLE = 4;

    private ClassicGroupValues() {}

    static byte[] encode(Value value) {
        RecordFields fields = new RecordFields();
        fields.writeShort(WITH_INSTANCE_ID);
        fields.writeString(value.protocolType());
        fields.writeInt(value.generation());
        fields.writeNullableString(value.protocol());
        fields.writeNullableString(value.leader());
        fields.writeLong(value.stateTimeMs());
        fields.writeInt(value.members().size());
        for (Member member : value.members()) {
            encode(fields, member);
        }
        return fields.toBytes();
    }

    private static void encode(RecordFields fields, Member member) {
        fields.writeString(member.memberId());
        fields.writeNullableString(member.instanceId());
        fields.writeString(member.clientId());
        fields.writeString(member.clientHost());
        fields.writeInt(member.rebalanceTimeoutMs());
        fields.writeInt(member.sessionTimeoutMs());
        fields.writeBytes(member.subscription().array());
        fields.writeBytes(member.assignment().array());
    }

    static Value decode(FieldScan fields) {
        short version = fields.readVersion((short) 0, FLEXIBLE, "classic group");
        fields.setFlexible(version >= FLEXIBLE);
        String protocolType = fields.readText();
        int generation = fields.readInt();
        String protocol = fields.readNullableText();
        String leader = fields.readNullableText();
        long stateTimeMs = version >= WITH_STATE_TIME ? fields.readLong() : Value.NO_TIME;
        int count = fields.readCount();
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            members.add(decodeMember(fields, version));
        }
        fields.skipTags();
        return new Value(protocolType, generation, protocol, leader, stateTimeMs, members);
    }

    private static Member decodeMember(FieldScan fields, short version) {
        String memberId = fields.readText();
        String instanceId = version >= WITH_INSTANCE_ID ? fields.readNullableText() : null;
        String clientId = fields.readText();
        String clientHost = fields.readText();
        int rebalanceTimeoutMs = version >= WITH_REBALANCE_TIMEOUT ? fields.readInt() : Member.NO_TIMEOUT;
        int sessionTimeoutMs = fields.readInt();
        OpaqueBytes subscription = OpaqueBytes.of(fields.readBlob());
        OpaqueBytes assignment = OpaqueBytes.of(fields.readBlob());
        fields.skipTags();
        return new Member(
                memberId,
                instanceId,
                clientId,
                clientHost,
                rebalanceTimeoutMs,
                sessionTimeoutMs,
                subscription,
                assignment);
    }
}
