package io.penstock.net.wire;

/**
 * Limits what one request may cost on the heap once it is decoded. A frame of tiny elements would otherwise become fifty times its
 * size in objects. Owned by the reader of one request.
 *
 * <p>The charges are estimates of a 64-bit JVM with compressed references, a little on the high side.
 */
final class HeapBudget {
    /** No limit; for bytes that we wrote ourselves. */
    static final long UNLIMITED = Long.MAX_VALUE / 2;

    private static final int STRING_BYTES = 40;
    private static final int ARRAY_BYTES = 16;
    private static final int TAGGED_FIELD_BYTES = 40;
    private static final int COLLECTION_BYTES = 40;
    private static final int ELEMENT_BYTES = 8;
    private static final int VARINT_BYTES = 16;

    private final long limitBytes;
    private long usedBytes;

    HeapBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Estimated heap bytes of what was read so far. */
    long usedBytes() {
        return usedBytes;
    }

    void chargeString(int length) {
        charge(STRING_BYTES + (long) length);
    }

    void chargeArray(int length) {
        charge(ARRAY_BYTES + (long) length);
    }

    void chargeTaggedField(int length) {
        charge(TAGGED_FIELD_BYTES + (long) length);
    }

    /** Room that a collection reserves at once for its elements, before any of them was read. */
    void chargeCollection(int elementCount) {
        charge(COLLECTION_BYTES + (long) ELEMENT_BYTES * elementCount);
    }

    /** In flexible versions each structure, array and string brings at least one varint: charge those for the structures. */
    void chargeVarint() {
        charge(VARINT_BYTES);
    }

    private void charge(long bytes) {
        usedBytes += bytes;
        if (usedBytes > limitBytes) {
            throw new MalformedRequestException(
                    "decoded content would take more than " + limitBytes + " bytes of heap");
        }
    }
}
