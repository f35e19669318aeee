package io.penstock.core.metadata;

/**
 * A whole and well-checked metadata record of a kind or version that this release does not know: a newer release wrote it.
 * Passing over it could bring back deleted topics or lose settings, so the broker must not start.
 */
public final class FutureMetadataException extends RuntimeException {
    public FutureMetadataException(String message) {
        super(message);
    }
}
