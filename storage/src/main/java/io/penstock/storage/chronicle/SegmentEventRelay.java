package io.penstock.storage.chronicle;

import org.jspecify.annotations.Nullable;

/** Carries what segments tell to the log that will own them, which is made later. Owned by the log's owner. */
final class SegmentEventRelay implements SegmentEvents {
    private @Nullable SegmentEvents listener;
    private @Nullable Throwable first;

    @Override
    public void onProgress() {
        // Before there is a log nobody waits for it.
        if (listener != null) {
            listener.onProgress();
        }
    }

    @Override
    public void onFull() {
        // As above: before there is a log nothing is staged.
        if (listener != null) {
            listener.onFull();
        }
    }

    @Override
    public void onFailure(Throwable failure) {
        if (listener != null) {
            listener.onFailure(failure);
        } else if (first == null) {
            first = failure;
        }
    }

    /** From now on {@code newListener} is told, and at once of a failure that has happened before. */
    void tell(SegmentEvents newListener) {
        listener = newListener;
        if (first != null) {
            newListener.onFailure(first);
        }
    }
}
