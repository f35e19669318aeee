package io.penstock.core.metadata;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link FieldWriter} wrote. Believes nothing: every length is compared with the bytes that are left before anything
 * is allocated for it. Owned by one call of the codec.
 */
final class FieldReader {
    private final ByteBuffer in;

    /** Reads from position to limit and moves the position. */
    FieldReader(ByteBuffer in) {
        this.in = in;
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = oneByte();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new CorruptMetadataException("a number runs on past ten bytes");
    }

    /** A number that must fit. */
    int integer() {
        long value = number();
        if (value != (int) value) {
            throw new CorruptMetadataException("expected a 32-bit number, found " + value);
        }
        return (int) value;
    }

    /** A number that must fit. */
    short shortInteger() {
        long value = number();
        if (value != (short) value) {
            throw new CorruptMetadataException("expected a 16-bit number, found " + value);
        }
        return (short) value;
    }

    /** How many entries follow, each of which takes at least {@code entryBytes} bytes. */
    int count(int entryBytes) {
        long count = number();
        if (count < 0 || count > in.remaining() / entryBytes) {
            throw new CorruptMetadataException(
                    "expected at most " + in.remaining() / entryBytes + " entries in what is left, found " + count);
        }
        return (int) count;
    }

    boolean flag() {
        byte value = oneByte();
        if (value != 0 && value != 1) {
            throw new CorruptMetadataException("expected a flag, found " + value);
        }
        return value == 1;
    }

    String text() {
        int length = count(1);
        ByteBuffer utf8 = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw new CorruptMetadataException("a text is not UTF-8", e);
        }
    }

    @Nullable
    String nullableText() {
        return flag() ? text() : null;
    }

    Uuid uuid() {
        require(2 * Long.BYTES);
        return new Uuid(in.getLong(), in.getLong());
    }

    List<Integer> numbers() {
        int count = count(1);
        List<Integer> numbers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            numbers.add(integer());
        }
        return List.copyOf(numbers);
    }

    void expectEnd() {
        if (in.hasRemaining()) {
            throw new CorruptMetadataException(in.remaining() + " bytes too many after the last field");
        }
    }

    private byte oneByte() {
        require(1);
        return in.get();
    }

    private void require(int bytes) {
        if (in.remaining() < bytes) {
            throw new CorruptMetadataException("expected " + bytes + " more bytes, found " + in.remaining());
        }
    }
}
