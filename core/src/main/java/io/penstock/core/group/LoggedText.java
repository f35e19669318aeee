package io.penstock.core.group;

/** Makes names that clients give themselves short enough for a log line. Control characters are the log layout's affair. Stateless. */
public final class LoggedText {
    private static final int MAX_CHARS = 128;

    private LoggedText() {}

    /** The text, or its beginning. */
    public static String of(String untrusted) {
        return untrusted.length() <= MAX_CHARS ? untrusted : untrusted.substring(0, MAX_CHARS) + "…";
    }
}
