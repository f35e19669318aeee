package io.penstock.core.group.record;

import org.apache.kafka.common.Uuid;

/**
 * The value of an offset record. Stateless.
 *
 * <pre>
 * offset: int64, leader epoch: int32 (3+), metadata: string, commit time: int64, expire time: int64 (only 1), tagged fields (4+)
 * tag 0: topic id: uuid
 * </pre>
 */
final class OffsetValues {
    private static final short LEGACY = 0;
    private static final short WITH_EXPIRY = 1;
    private static final short WITH_EPOCH = 3;
    private static final short WITH_TOPIC_ID = 4;
    private static final int TOPIC_ID_TAG = 0;

    private OffsetValues() {}

    static byte[] encode(CommittedOffset offset) {
        RecordFields fields = new RecordFields();
        if (offset.expireTimeMs() == CommittedOffset.NO_EXPIRY) {
            encodeCurrent(fields, offset);
        } else {
            encodeWithExpiry(fields, offset);
        }
        return fields.toBytes();
    }

    private static void encodeCurrent(RecordFields fields, CommittedOffset offset) {
        fields.writeShort(WITH_TOPIC_ID);
        fields.writeLong(offset.offset());
        fields.writeInt(offset.leaderEpoch());
        fields.writeCompactString(offset.metadata());
        fields.writeLong(offset.commitTimeMs());
        if (offset.topicId().equals(Uuid.ZERO_UUID)) {
            fields.writeNoTags();
        } else {
            RecordFields topicId = new RecordFields();
            topicId.writeUuid(offset.topicId());
            fields.writeTag(TOPIC_ID_TAG, topicId);
        }
    }

    private static void encodeWithExpiry(RecordFields fields, CommittedOffset offset) {
        fields.writeShort(WITH_EXPIRY);
        fields.writeLong(offset.offset());
        fields.writeString(offset.metadata());
        fields.writeLong(offset.commitTimeMs());
        fields.writeLong(offset.expireTimeMs());
    }

    static CommittedOffset decode(FieldScan fields) {
        short version = fields.readVersion(LEGACY, WITH_TOPIC_ID, "offset");
        boolean flexible = version >= WITH_TOPIC_ID;
        long offset = fields.readLong();
        int leaderEpoch = version >= WITH_EPOCH ? fields.readInt() : CommittedOffset.NO_EPOCH;
        String metadata = flexible ? fields.readCompactString() : fields.readString();
        long commitTimeMs = fields.readLong();
        long expireTimeMs = version == WITH_EXPIRY ? fields.readLong() : CommittedOffset.NO_EXPIRY;
        Uuid topicId = flexible ? fields.readTag(TOPIC_ID_TAG, FieldScan::readUuid, Uuid.ZERO_UUID) : Uuid.ZERO_UUID;
        return new CommittedOffset(offset, leaderEpoch, metadata, commitTimeMs, expireTimeMs, topicId);
    }
}
