package io.penstock.core.partition;

import java.nio.ByteBuffer;

/**
 * Walks over records that are not compressed and that look as producers write them, where they lie: no copy, and a few loads for
 * each. Refuses nothing: it stops before the first record that is anything else, and {@link RecordWalk} goes on from there and says
 * what is wrong, if anything is. See there for the layout.
 *
 * <p>Owned by one {@link BatchValidator}.
 */
final class PlainWalk {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    /** Stands for a number or a field that producers do not write so. Four bytes cannot encode it. */
    private static final int ODD = Integer.MIN_VALUE;

    private static final int MAX_NUMBER_BITS = 4 * 7;

    private final RecordRules rules;
    private ByteBuffer records = NOTHING;
    private int end;
    /** Where the next byte is read; may pass the end in a record that turns out to be odd. */
    private int at;

    PlainWalk(RecordRules rules) {
        this.rules = rules;
    }

    /**
     * Walks over the leading records that are well-formed and in their places, and shows them to the rules.
     *
     * @param batchRecords its position is moved behind the records that were walked over
     * @return how many these are, at most {@code recordCount}
     */
    int run(ByteBuffer batchRecords, int recordCount, long baseTimestampMs) {
        records = batchRecords;
        end = batchRecords.limit();
        at = batchRecords.position();
        int walkedEnd = at;
        int index = 0;
        while (index < recordCount && walkRecord(index, baseTimestampMs)) {
            walkedEnd = at;
            index++;
        }
        records = NOTHING; // its memory can go
        batchRecords.position(walkedEnd);
        return index;
    }

    /** Answers whether the record is an ordinary one; only then the rules have seen it. */
    private boolean walkRecord(int index, long baseTimestampMs) {
        int bodyBytes = number();
        if (bodyBytes < 0 || bodyBytes > end - at) {
            return false;
        }
        int bodyEnd = at + bodyBytes;
        at++; // attributes: none is defined
        int timestampDelta = number();
        int offsetDelta = number();
        int keyBytes = field(bodyEnd);
        int valueBytes = field(bodyEnd);
        if (timestampDelta == ODD || offsetDelta != index || keyBytes == ODD || valueBytes == ODD) {
            return false;
        }
        if (!walkHeaders(bodyEnd) || at != bodyEnd) {
            return false;
        }
        rules.see(index, offsetDelta, baseTimestampMs + timestampDelta, keyBytes >= 0);
        return true;
    }

    private boolean walkHeaders(int bodyEnd) {
        int count = number();
        if (count < 0 || count > bodyEnd - at) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (field(bodyEnd) < 0 || field(bodyEnd) == ODD) {
                return false;
            }
        }
        return true;
    }

    /** Passes over a length and its content; answers the length, negative for null. */
    private int field(int bodyEnd) {
        int length = number();
        if (length > bodyEnd - at) {
            return ODD;
        }
        at += Math.max(length, 0);
        return length;
    }

    /** A zigzag number. Most have one byte, and nearly all others two. */
    private int number() {
        if (at + 1 >= end) {
            return longNumber(); // as it looks byte by byte whether there is one
        }
        int low = records.get(at);
        if (low >= 0) {
            at++;
            return unzigzag(low);
        }
        int high = records.get(at + 1);
        if (high >= 0) {
            at += 2;
            return unzigzag((high << 7) | (low & 0x7f));
        }
        return longNumber();
    }

    private int longNumber() {
        int value = 0;
        for (int shift = 0; shift < MAX_NUMBER_BITS && at < end; shift += 7) {
            byte b = records.get(at++);
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                return unzigzag(value);
            }
        }
        return ODD;
    }

    private static int unzigzag(int value) {
        return (value >>> 1) ^ -(value & 1);
    }
}
