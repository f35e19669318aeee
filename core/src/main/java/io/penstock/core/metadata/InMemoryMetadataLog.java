package io.penstock.core.metadata;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The metadata log of a broker that forgets everything when it stops: keeps no record, since the image holds all that counts. */
public final class InMemoryMetadataLog implements MetadataLog {
    private long endOffset;

    @Override
    public CompletionStage<MetadataImage> open() {
        return CompletableFuture.completedStage(MetadataImage.EMPTY);
    }

    @Override
    public long append(List<MetadataRecord> records) {
        long firstOffset = endOffset;
        endOffset += records.size();
        return firstOffset;
    }

    @Override
    public CompletionStage<Void> sync() {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public boolean isSnapshotDue() {
        return false;
    }

    @Override
    public CompletionStage<Long> snapshot(MetadataImage image) {
        return CompletableFuture.completedStage(endOffset);
    }

    @Override
    public CompletionStage<Void> close() {
        return CompletableFuture.completedStage(null);
    }
}
