package io.penstock.core.partition;

/**
 * Walks over the records of one batch and hands what matters of each to {@link RecordRules}; keys, values and headers are passed
 * over without being copied.
 *
 * <pre>
 * record := length: varint, body
 * body   := attributes: int8, timestamp delta: varlong, offset delta: varint,
 *           key: bytes, value: bytes, header count: varint, headers
 * bytes  := length: varint (negative is null), content
 * header := key: bytes (never null), value: bytes
 * </pre>
 */
final class RecordWalk {
    private final RecordBytes bytes;
    private final RecordRules rules;

    RecordWalk(RecordBytes bytes, RecordRules rules) {
        this.bytes = bytes;
        this.rules = rules;
    }

    /**
     * Walks all records of a batch.
     *
     * @throws BadRecordsException the bytes are not exactly {@code recordCount} records, or are too much
     */
    void run(int recordCount, long baseTimestampMs) {
        for (int index = 0; index < recordCount; index++) {
            walkRecord(index, baseTimestampMs);
        }
        if (!bytes.isAtEnd()) {
            throw BadRecordsException.invalid("Incorrect declared batch size, records still remaining in file");
        }
    }

    private void walkRecord(int index, long baseTimestampMs) {
        int bodyBytes = bytes.readVarint();
        long bodyEnd = bytes.position() + bodyBytes;
        bytes.readByte(); // attributes: none is defined
        long timestampMs = baseTimestampMs + bytes.readVarlong();
        int offsetDelta = bytes.readVarint();
        boolean hasKey = skipField(bodyEnd) >= 0;
        skipField(bodyEnd);
        skipHeaders(bodyEnd);
        if (bytes.position() != bodyEnd) {
            throw BadRecordsException.invalid("Record " + index + " says that it has " + bodyBytes
                    + " bytes, but its fields end " + (bytes.position() - bodyEnd) + " bytes from there");
        }
        rules.see(index, offsetDelta, timestampMs, hasKey);
    }

    private void skipHeaders(long bodyEnd) {
        int count = bytes.readVarint();
        if (count < 0 || count > bodyEnd - bytes.position()) {
            throw BadRecordsException.invalid("Found invalid number of record headers " + count);
        }
        for (int i = 0; i < count; i++) {
            if (skipField(bodyEnd) < 0) {
                throw BadRecordsException.invalid("Found a record header without key");
            }
            skipField(bodyEnd);
        }
    }

    /** Passes over a length and its content; answers the length, negative for null. */
    private int skipField(long bodyEnd) {
        int length = bytes.readVarint();
        if (length > bodyEnd - bytes.position()) {
            throw BadRecordsException.invalid("Found a field of " + length + " bytes that passes the record's end");
        }
        if (length > 0) {
            bytes.skip(length);
        }
        return length;
    }
}
