package io.penstock.core.group.record;

import io.penstock.core.group.record.StreamsGroupMemberRecord.Endpoint;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The values of a streams group, its members and its target's epoch. Stateless. All are of version 0, in flexible encoding.
 *
 * <pre>
 * group        := epoch: int32, metadata hash: int64
 *                 tag 0: validated topology epoch: int32, tag 1: assignment configs: pairs
 * target epoch := epoch: int32                                                     tag 0: time: int64
 * member       := instance id: nullable string, rack id: nullable string, client id: string, client host: string,
 *                 rebalance timeout: int32, topology epoch: int32, process id: string, endpoint: nullable endpoint, client tags: pairs
 * endpoint     := host: string, port: uint16
 * pair         := key: string, value: string
 * </pre>
 */
final class StreamsGroupValues {
    static final short VERSION = 0;

    private static final int VALIDATED_TAG = 0;
    private static final int CONFIGS_TAG = 1;
    private static final int TIME_TAG = 0;
    private static final byte ABSENT = -1;
    private static final byte PRESENT = 1;

    private StreamsGroupValues() {}

    /** Reads the version, and turns to the encoding that it has. */
    static void readVersion(FieldScan fields, String what) {
        fields.readVersion(VERSION, VERSION, what);
        fields.setFlexible(true);
    }

    // ---- group

    static byte[] encode(StreamsGroupRecord.Value value) {
        RecordFields fields = new RecordFields();
        fields.writeShort(VERSION);
        fields.writeInt(value.epoch());
        fields.writeLong(value.metadataHash());
        SortedMap<Integer, RecordFields> tags = new TreeMap<>();
        if (value.validatedTopologyEpoch() != StreamsGroupRecord.Value.NOT_VALIDATED) {
            RecordFields validated = new RecordFields();
            validated.writeInt(value.validatedTopologyEpoch());
            tags.put(VALIDATED_TAG, validated);
        }
        if (!value.assignmentConfigs().isEmpty()) {
            RecordFields configs = new RecordFields();
            writePairs(configs, value.assignmentConfigs());
            tags.put(CONFIGS_TAG, configs);
        }
        fields.writeTags(tags);
        return fields.toBytes();
    }

    static StreamsGroupRecord.Value decodeGroup(FieldScan fields) {
        readVersion(fields, "streams group");
        int epoch = fields.readInt();
        long metadataHash = fields.readLong();
        int[] validated = {StreamsGroupRecord.Value.NOT_VALIDATED};
        SortedMap<String, String> configs = new TreeMap<>();
        fields.readTags((tag, field) -> {
            if (tag == VALIDATED_TAG) {
                validated[0] = field.readInt();
            } else if (tag == CONFIGS_TAG) {
                configs.putAll(readNullablePairs(field));
            }
            return tag == VALIDATED_TAG || tag == CONFIGS_TAG;
        });
        return new StreamsGroupRecord.Value(epoch, metadataHash, validated[0], configs);
    }

    // ---- target epoch

    static byte[] encode(StreamsGroupTargetEpochRecord.Value value) {
        RecordFields fields = new RecordFields();
        fields.writeShort(VERSION);
        fields.writeInt(value.assignmentEpoch());
        SortedMap<Integer, RecordFields> tags = new TreeMap<>();
        if (value.assignmentTimeMs() != StreamsGroupTargetEpochRecord.Value.NO_TIME) {
            RecordFields time = new RecordFields();
            time.writeLong(value.assignmentTimeMs());
            tags.put(TIME_TAG, time);
        }
        fields.writeTags(tags);
        return fields.toBytes();
    }

    static StreamsGroupTargetEpochRecord.Value decodeTargetEpoch(FieldScan fields) {
        readVersion(fields, "streams target epoch");
        return new StreamsGroupTargetEpochRecord.Value(
                fields.readInt(),
                fields.readTag(TIME_TAG, FieldScan::readLong, StreamsGroupTargetEpochRecord.Value.NO_TIME));
    }

    // ---- member

    static byte[] encode(StreamsGroupMemberRecord.Value value) {
        RecordFields fields = new RecordFields();
        fields.writeShort(VERSION);
        fields.writeCompactNullableString(value.instanceId());
        fields.writeCompactNullableString(value.rackId());
        fields.writeCompactString(value.clientId());
        fields.writeCompactString(value.clientHost());
        fields.writeInt(value.rebalanceTimeoutMs());
        fields.writeInt(value.topologyEpoch());
        fields.writeCompactString(value.processId());
        encode(fields, value.endpoint());
        writePairs(fields, value.clientTags());
        fields.writeNoTags();
        return fields.toBytes();
    }

    private static void encode(RecordFields fields, @Nullable Endpoint endpoint) {
        if (endpoint == null) {
            fields.writeByte(ABSENT);
            return;
        }
        fields.writeByte(PRESENT);
        fields.writeCompactString(endpoint.host());
        fields.writeShort((short) endpoint.port());
        fields.writeNoTags();
    }

    static StreamsGroupMemberRecord.Value decodeMember(FieldScan fields) {
        readVersion(fields, "streams group member");
        StreamsGroupMemberRecord.Value value = new StreamsGroupMemberRecord.Value(
                fields.readNullableText(),
                fields.readNullableText(),
                fields.readText(),
                fields.readText(),
                fields.readInt(),
                fields.readInt(),
                fields.readText(),
                decodeEndpoint(fields),
                readPairs(fields, fields.readCount()));
        fields.skipTags();
        return value;
    }

    private static @Nullable Endpoint decodeEndpoint(FieldScan fields) {
        if (fields.readByte() < 0) {
            return null;
        }
        Endpoint endpoint = new Endpoint(fields.readText(), Short.toUnsignedInt(fields.readShort()));
        fields.skipTags();
        return endpoint;
    }

    // ---- pairs

    private static void writePairs(RecordFields fields, SortedMap<String, String> pairs) {
        fields.writeCompactCount(pairs.size());
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            fields.writeCompactString(pair.getKey());
            fields.writeCompactString(pair.getValue());
            fields.writeNoTags();
        }
    }

    private static SortedMap<String, String> readNullablePairs(FieldScan fields) {
        return readPairs(fields, Math.max(0, fields.readNullableCount()));
    }

    private static SortedMap<String, String> readPairs(FieldScan fields, int count) {
        SortedMap<String, String> pairs = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            pairs.put(fields.readText(), fields.readText());
            fields.skipTags();
        }
        return pairs;
    }
}
