package io.penstock.storage;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Names a log and its place below the data directory. The parts become nested directories; storage does not interpret them.
 *
 * @param parts one to four directory names of letters, digits, {@code . _ -}, none of them {@code .} or {@code ..}
 */
public record LogId(List<String> parts) {
    private static final Pattern LEGAL = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");

    public LogId {
        parts = List.copyOf(parts);
        if (parts.isEmpty() || parts.size() > 4) {
            throw new IllegalArgumentException("expected 1 to 4 parts in a log id, found " + parts);
        }
        for (String part : parts) {
            if (!LEGAL.matcher(part).matches()) {
                throw new IllegalArgumentException("not a legal directory name in a log id: '" + part + "'");
            }
        }
    }

    /** Shorthand for {@code new LogId(List.of(parts))}. */
    public static LogId of(String... parts) {
        return new LogId(List.of(parts));
    }

    @Override
    public String toString() {
        return String.join("/", parts);
    }
}
