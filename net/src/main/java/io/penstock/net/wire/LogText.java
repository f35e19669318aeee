package io.penstock.net.wire;

/** Makes text from the network safe for a log line: no line breaks, no control characters, bounded length. Stateless. */
public final class LogText {
    private static final int MAX_CHARS = 128;

    private LogText() {}

    /** Replaces everything outside printable ASCII and Unicode letters or digits by {@code ?}; cuts after 128 characters. */
    public static String clean(String untrusted) {
        int end = Math.min(untrusted.length(), MAX_CHARS);
        StringBuilder clean = new StringBuilder(end + 1);
        for (int i = 0; i < end; i++) {
            char c = untrusted.charAt(i);
            clean.append(isHarmless(c) ? c : '?');
        }
        return untrusted.length() > MAX_CHARS ? clean.append('…').toString() : clean.toString();
    }

    private static boolean isHarmless(char c) {
        return c < 0x80 ? c >= ' ' && c != 0x7f : Character.isLetterOrDigit(c);
    }
}
