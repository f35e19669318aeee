package io.penstock.core.group.record;

import org.jspecify.annotations.Nullable;

/** A record of the log cannot be understood: it is damaged, or a newer broker wrote it. */
public final class CorruptGroupRecordException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CorruptGroupRecordException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
