package io.penstock.core.metadata;

/** Bytes of the metadata log that are not what was written, or records that contradict each other. The broker must not go on. */
public final class CorruptMetadataException extends RuntimeException {
    public CorruptMetadataException(String message) {
        super(message);
    }

    public CorruptMetadataException(String message, Throwable cause) {
        super(message, cause);
    }
}
