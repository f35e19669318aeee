package io.penstock.core.group.record;

import io.penstock.core.group.record.ConsumerGroupMemberRecord.ClassicMetadata;
import io.penstock.core.group.record.ConsumerGroupMemberRecord.Protocol;
import io.penstock.core.group.record.ConsumerGroupMemberRecord.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The value of a consumer group member's record. Stateless.
 *
 * <pre>
 * instance id: nullable string, rack id: nullable string, client id: string, client host: string, subscribed topics: strings,
 * subscribed regex: nullable string, rebalance timeout: int32, server assignor: nullable string
 * tag 0: presence, session timeout: int32, protocols            protocol := name: string, metadata: bytes
 * Version 0, in flexible encoding. A tag that is not there stands for classic metadata that says nothing, not for none.
 * </pre>
 */
final class ConsumerGroupMemberValues {
    private static final int CLASSIC_TAG = 0;
    private static final byte ABSENT = 0;
    private static final byte PRESENT = 1;
    private static final ClassicMetadata SAYS_NOTHING = new ClassicMetadata(0, List.of());

    private ConsumerGroupMemberValues() {}

    static byte[] encode(Value value) {
        RecordFields fields = new RecordFields();
        fields.writeShort(ConsumerGroupValues.VERSION);
        fields.writeCompactNullableString(value.instanceId());
        fields.writeCompactNullableString(value.rackId());
        fields.writeCompactString(value.clientId());
        fields.writeCompactString(value.clientHost());
        fields.writeCompactStrings(value.subscribedTopicNames());
        fields.writeCompactNullableString(value.subscribedTopicRegex());
        fields.writeInt(value.rebalanceTimeoutMs());
        fields.writeCompactNullableString(value.serverAssignor());
        if (SAYS_NOTHING.equals(value.classic())) {
            fields.writeNoTags();
        } else {
            fields.writeTag(CLASSIC_TAG, encode(value.classic()));
        }
        return fields.toBytes();
    }

    private static RecordFields encode(@Nullable ClassicMetadata classic) {
        RecordFields fields = new RecordFields();
        if (classic == null) {
            fields.writeByte(ABSENT);
            return fields;
        }
        fields.writeByte(PRESENT);
        fields.writeInt(classic.sessionTimeoutMs());
        fields.writeCompactCount(classic.supportedProtocols().size());
        for (Protocol protocol : classic.supportedProtocols()) {
            fields.writeCompactString(protocol.name());
            fields.writeCompactBytes(protocol.metadata().array());
            fields.writeNoTags();
        }
        fields.writeNoTags();
        return fields;
    }

    static Value decode(FieldScan fields) {
        ConsumerGroupValues.readVersion(fields, "consumer group member");
        return new Value(
                fields.readNullableText(),
                fields.readNullableText(),
                fields.readText(),
                fields.readText(),
                fields.readTexts(),
                fields.readNullableText(),
                fields.readInt(),
                fields.readNullableText(),
                fields.readTag(CLASSIC_TAG, ConsumerGroupMemberValues::decodeClassic, SAYS_NOTHING));
    }

    private static @Nullable ClassicMetadata decodeClassic(FieldScan fields) {
        if (!fields.readPresence()) {
            return null;
        }
        int sessionTimeoutMs = fields.readInt();
        int count = fields.readCount();
        List<Protocol> protocols = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            protocols.add(new Protocol(fields.readText(), OpaqueBytes.of(fields.readBlob())));
            fields.skipTags();
        }
        fields.skipTags();
        return new ClassicMetadata(sessionTimeoutMs, protocols);
    }
}
