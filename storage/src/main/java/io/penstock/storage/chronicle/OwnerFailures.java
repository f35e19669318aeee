package io.penstock.storage.chronicle;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries failures of a segment to the log that will own it, which is made later. Owned by the log's owner. */
final class OwnerFailures implements Consumer<Throwable> {
    private @Nullable Consumer<Throwable> listener;
    private @Nullable Throwable first;

    @Override
    public void accept(Throwable failure) {
        if (listener != null) {
            listener.accept(failure);
        } else if (first == null) {
            first = failure;
        }
    }

    /** From now on {@code listener} is told, and at once of what has happened before. */
    void tell(Consumer<Throwable> newListener) {
        listener = newListener;
        if (first != null) {
            newListener.accept(first);
        }
    }
}
