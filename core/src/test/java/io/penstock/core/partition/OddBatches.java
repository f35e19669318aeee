package io.penstock.core.partition;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.storage.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.kafka.common.record.internal.CompressionType;

/**
 * Makes batches of plain records, number by number: right ones, ones that no producer writes so but that can be read, and wrong
 * ones. The header and the checksum are right, so that it is the records that are judged.
 */
final class OddBatches {
    /** Name of the header that some records have; other names are as long. */
    static final String ID_HEADER = "id";

    private static final int MAX_BYTES = 1 << 19;
    private static final int NEVER = Integer.MAX_VALUE;
    private static final long[] STRANGE = {
        -2,
        -1,
        0,
        1,
        63,
        64,
        8_191,
        8_192,
        1 << 20,
        (1 << 27) - 1,
        1 << 27,
        -(1 << 27),
        -(1 << 27) - 1,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Integer.MAX_VALUE - 7,
        1L << 34,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private final Random random;
    private final ByteBuffer records = ByteBuffer.allocate(MAX_BYTES);
    private final ByteBuffer body = ByteBuffer.allocate(MAX_BYTES);
    /** One number in so many is not what it should be, or not written as it should be. */
    private int strangeOneIn;

    OddBatches(Random random) {
        this.random = random;
    }

    /** One batch, in heap or direct memory, with other bytes before and behind it. */
    ByteBuffer next() {
        strangeOneIn = pick(NEVER, 1_000, 100, 15);
        int count = random.nextInt(pick(3, 10, 300));
        records.clear();
        for (int i = 0; i < count; i++) {
            record(i);
        }
        damage();
        byte[] bytes = new byte[records.position()];
        records.flip().get(bytes);
        return placed(batch(Math.max(1, count + (oneIn(15) ? random.nextInt(3) - 1 : 0)), bytes));
    }

    private void record(int index) {
        body.clear().put((byte) random.nextInt(256));
        number(body, oneIn(20) ? STRANGE[random.nextInt(STRANGE.length)] : random.nextInt(pick(60, 8_000, 2_000_000)));
        number(body, index);
        field(20);
        field(5);
        int headers = oneIn(4) ? random.nextInt(4) : 0;
        number(body, headers);
        for (int i = 0; i < headers; i++) {
            name();
            field(5);
        }
        number(records, body.position());
        records.put(body.flip());
    }

    private void name() {
        if (oneIn(100)) {
            number(body, -1); // a header needs a name
            return;
        }
        byte[] name = oneIn(3) ? new byte[random.nextInt(5)] : ID_HEADER.getBytes(UTF_8);
        if (oneIn(2) && name.length > 0) {
            name[name.length - 1]++;
        }
        number(body, name.length);
        body.put(name);
    }

    /** A key or a value: null, empty or of any size, up to more than the general path reads at once. */
    private void field(int nullOneIn) {
        if (oneIn(nullOneIn)) {
            number(body, -1 - (oneIn(5) ? random.nextInt(100) : 0));
            return;
        }
        byte[] content = new byte[random.nextInt(oneIn(100) && records.position() < MAX_BYTES / 4 ? 40_000 : 200)];
        random.nextBytes(content);
        number(body, content.length);
        body.put(content);
    }

    /** Writes a number as a producer does, or another one, or with more bytes than are needed or allowed. */
    private void number(ByteBuffer out, long value) {
        long written = oneIn(strangeOneIn) ? strange(value) : value;
        long zigzag = (written << 1) ^ (written >> 63);
        while ((zigzag & ~0x7fL) != 0) {
            out.put((byte) ((zigzag & 0x7f) | 0x80));
            zigzag >>>= 7;
        }
        if (oneIn(strangeOneIn)) {
            out.put((byte) (zigzag | 0x80));
            out.put(
                    new byte[] {-128, -128, -128, -128, -128, -128, -128, -128, -128, -128},
                    0,
                    random.nextInt(pick(2, 11)));
            zigzag = 0;
        }
        out.put((byte) zigzag);
    }

    private long strange(long value) {
        return oneIn(2) ? value + random.nextInt(5) - 2 : STRANGE[random.nextInt(STRANGE.length)];
    }

    private void damage() {
        int end = records.position();
        switch (random.nextInt(8)) {
            case 0 -> records.position(random.nextInt(end + 1));
            case 1 -> records.put(new byte[random.nextInt(3)]);
            case 2 -> {
                for (int i = random.nextInt(3); i >= 0 && end > 0; i--) {
                    records.put(random.nextInt(end), (byte) random.nextInt(256));
                }
            }
            default -> {} // as it is
        }
    }

    private ByteBuffer batch(int count, byte[] bytes) {
        ByteBuffer batch = BatchBytes.around(CompressionType.NONE, count, bytes);
        if (oneIn(20)) {
            batch.putLong(BatchHeader.BASE_TIMESTAMP, STRANGE[random.nextInt(STRANGE.length)]);
        }
        if (oneIn(20)) {
            batch.putShort(BatchHeader.ATTRIBUTES, (short) 0x08); // claims to have the broker's timestamps
        }
        return BatchBytes.seal(batch);
    }

    private ByteBuffer placed(ByteBuffer batch) {
        int at = random.nextInt(100);
        int size = batch.remaining();
        int room = at + size + random.nextInt(100);
        ByteBuffer memory = random.nextBoolean() ? ByteBuffer.allocate(room) : ByteBuffer.allocateDirect(room);
        return memory.put(at, batch, 0, size).position(at).limit(at + size);
    }

    private boolean oneIn(int n) {
        return n != NEVER && random.nextInt(n) == 0;
    }

    private int pick(int... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
