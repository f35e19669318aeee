package io.penstock.core.group.record;

/**
 * The values of the small records of a consumer group: its epochs and its regular expressions. Stateless. All are of version 0, in
 * flexible encoding.
 *
 * <pre>
 * group        := epoch: int32                       tag 0: metadata hash: int64
 * target epoch := epoch: int32                       tag 0: time: int64
 * regex        := topics: strings, version: int64, time: int64
 * </pre>
 */
final class ConsumerGroupValues {
    static final short VERSION = 0;
    /** Of the one tagged field that these have; what is zero is not written. */
    private static final int NUMBER_TAG = 0;

    private ConsumerGroupValues() {}

    // ---- group

    static byte[] encode(ConsumerGroupRecord.Value value) {
        return encode(value.epoch(), value.metadataHash());
    }

    static ConsumerGroupRecord.Value decodeGroup(FieldScan fields) {
        readVersion(fields, "consumer group");
        return new ConsumerGroupRecord.Value(fields.readInt(), readNumber(fields));
    }

    // ---- target epoch

    static byte[] encode(ConsumerGroupTargetEpochRecord.Value value) {
        return encode(value.assignmentEpoch(), value.assignmentTimeMs());
    }

    static ConsumerGroupTargetEpochRecord.Value decodeTargetEpoch(FieldScan fields) {
        readVersion(fields, "target epoch");
        return new ConsumerGroupTargetEpochRecord.Value(fields.readInt(), readNumber(fields));
    }

    private static byte[] encode(int epoch, long number) {
        RecordFields fields = new RecordFields();
        fields.writeShort(VERSION);
        fields.writeInt(epoch);
        if (number == 0) {
            fields.writeNoTags();
        } else {
            RecordFields tag = new RecordFields();
            tag.writeLong(number);
            fields.writeTag(NUMBER_TAG, tag);
        }
        return fields.toBytes();
    }

    private static long readNumber(FieldScan fields) {
        return fields.readTag(NUMBER_TAG, FieldScan::readLong, 0L);
    }

    // ---- regular expression

    static byte[] encode(ConsumerGroupRegexRecord.Value value) {
        RecordFields fields = new RecordFields();
        fields.writeShort(VERSION);
        fields.writeCompactStrings(value.topics());
        fields.writeLong(value.version());
        fields.writeLong(value.timeMs());
        fields.writeNoTags();
        return fields.toBytes();
    }

    static ConsumerGroupRegexRecord.Value decodeRegex(FieldScan fields) {
        readVersion(fields, "regular expression");
        ConsumerGroupRegexRecord.Value value =
                new ConsumerGroupRegexRecord.Value(fields.readTexts(), fields.readLong(), fields.readLong());
        fields.skipTags();
        return value;
    }

    /** Reads the version, and turns to the encoding that it has. */
    static void readVersion(FieldScan fields, String what) {
        fields.readVersion(VERSION, VERSION, what);
        fields.setFlexible(true);
    }
}
