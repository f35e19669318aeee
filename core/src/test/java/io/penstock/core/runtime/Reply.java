package io.penstock.core.runtime;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An answer that may not be there yet; a second one fails the test. Owned by one test, or by what runs on its thread. */
final class Reply<T> implements Consumer<T> {
    private @Nullable T value;

    @Override
    public void accept(T newValue) {
        if (value != null) {
            throw new AssertionError("second answer " + newValue + " after " + value);
        }
        value = newValue;
    }

    boolean isThere() {
        return value != null;
    }

    T get() {
        T answer = value;
        if (answer == null) {
            throw new AssertionError("no answer yet");
        }
        return answer;
    }
}
