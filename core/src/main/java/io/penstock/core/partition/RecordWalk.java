package io.penstock.core.partition;

import org.jspecify.annotations.Nullable;

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
     * Walks all records of a batch, or all but the first.
     *
     * @param firstIndex place of the record that the bytes are at
     * @param recordCount of the whole batch
     * @param ids takes the message ids out of the headers; null if nobody asks for them
     * @throws BadRecordsException the bytes are not exactly {@code recordCount} records, or are too much
     */
    void run(int firstIndex, int recordCount, long baseTimestampMs, @Nullable IdCollector ids) {
        for (int index = firstIndex; index < recordCount; index++) {
            walkRecord(index, baseTimestampMs, ids);
        }
        if (!bytes.isAtEnd()) {
            throw BadRecordsException.invalid("Incorrect declared batch size, records still remaining in file");
        }
    }

    private void walkRecord(int index, long baseTimestampMs, @Nullable IdCollector ids) {
        int bodyBytes = bytes.readVarint();
        long bodyEnd = bytes.position() + bodyBytes;
        bytes.readByte(); // attributes: none is defined
        long timestampMs = baseTimestampMs + bytes.readVarlong();
        int offsetDelta = bytes.readVarint();
        boolean hasKey = skipField(bodyEnd) >= 0;
        skipField(bodyEnd);
        if (ids == null) {
            skipHeaders(bodyEnd);
        } else {
            readHeaders(bodyEnd, index, ids);
        }
        if (bytes.position() != bodyEnd) {
            throw BadRecordsException.invalid("Record " + index + " says that it has " + bodyBytes
                    + " bytes, but its fields end " + (bytes.position() - bodyEnd) + " bytes from there");
        }
        rules.see(index, offsetDelta, timestampMs, hasKey);
    }

    private void skipHeaders(long bodyEnd) {
        int count = headerCount(bodyEnd);
        for (int i = 0; i < count; i++) {
            if (skipField(bodyEnd) < 0) {
                throw headerWithoutKey();
            }
            skipField(bodyEnd);
        }
    }

    /** As {@link #skipHeaders}, and shows the message id; of several headers of that name the last one counts. */
    private void readHeaders(long bodyEnd, int index, IdCollector ids) {
        int count = headerCount(bodyEnd);
        for (int i = 0; i < count; i++) {
            int nameBytes = fieldLength(bodyEnd);
            if (nameBytes < 0) {
                throw headerWithoutKey();
            }
            if (readsHeaderName(nameBytes, ids.header())) {
                ids.see(index, bytes, fieldLength(bodyEnd));
            } else {
                skipField(bodyEnd);
            }
        }
    }

    /** Passes over a header's name; answers whether it is the one that is looked for. */
    private boolean readsHeaderName(int nameBytes, byte[] wanted) {
        if (nameBytes == wanted.length) {
            return bytes.readsAs(wanted);
        }
        bytes.skip(nameBytes);
        return false;
    }

    private int headerCount(long bodyEnd) {
        int count = bytes.readVarint();
        if (count < 0 || count > bodyEnd - bytes.position()) {
            throw BadRecordsException.invalid("Found invalid number of record headers " + count);
        }
        return count;
    }

    private static BadRecordsException headerWithoutKey() {
        return BadRecordsException.invalid("Found a record header without key");
    }

    /** Passes over a length and its content; answers the length, negative for null. */
    private int skipField(long bodyEnd) {
        int length = fieldLength(bodyEnd);
        if (length > 0) {
            bytes.skip(length);
        }
        return length;
    }

    /** The length of the field that follows, negative for null. */
    private int fieldLength(long bodyEnd) {
        int length = bytes.readVarint();
        if (length > bodyEnd - bytes.position()) {
            throw BadRecordsException.invalid("Found a field of " + length + " bytes that passes the record's end");
        }
        return length;
    }
}
