package io.penstock.core.group;

import org.jspecify.annotations.Nullable;

/** Takes one answer and insists that there is no second. */
final class Answer<T> implements Reply<T> {
    private @Nullable T value;

    @Override
    public void send(T answer) {
        if (value != null) {
            throw new AssertionError("answered twice: " + value + ", then " + answer);
        }
        value = answer;
    }

    boolean isThere() {
        return value != null;
    }

    T get() {
        if (value == null) {
            throw new AssertionError("expected an answer, found none");
        }
        return value;
    }
}
