package io.penstock.core.api;

/**
 * Where a reader begins.
 *
 * @param offset an offset, or one of the marks of {@link #EARLIEST} and {@link #LATEST}
 */
public record ReadFrom(long offset) {
    /** The first record that is still there. */
    public static final ReadFrom EARLIEST = new ReadFrom(-2);
    /** Only what is written from now on. */
    public static final ReadFrom LATEST = new ReadFrom(-1);

    public ReadFrom {
        if (offset < -2) {
            throw new IllegalArgumentException("offset must not be negative: " + offset);
        }
    }

    /** The record at that offset, or the first one after it. */
    public static ReadFrom offset(long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("offset must not be negative: " + offset);
        }
        return new ReadFrom(offset);
    }

    /** Whether the offset is known. */
    public boolean isOffset() {
        return offset >= 0;
    }
}
