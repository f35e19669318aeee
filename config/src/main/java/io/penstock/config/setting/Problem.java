package io.penstock.config.setting;

/**
 * One refused value.
 *
 * @param key the setting, or the file or argument that could not be read
 * @param value the text as given; {@code [hidden]} for secrets
 * @param expected what would have been accepted, in words
 * @param where where the value was given, for people: {@code in server.properties line 12}; empty if it does not matter
 */
public record Problem(String key, String value, String expected, String where) {

    static final String HIDDEN = "[hidden]";

    public static Problem of(String key, String value, String expected) {
        return new Problem(key, value, expected, "");
    }

    public Problem at(String place) {
        return new Problem(key, value, expected, place);
    }

    /**
     * One line for a terminal: {@code num.partitions=0: expected an int of at least 1 (in server.properties line 3)}.
     */
    public String line() {
        return key + "=" + value + ": expected " + expected + (where.isEmpty() ? "" : " (" + where + ")");
    }

    /** One sentence for a client, opening as Kafka's own does. */
    public String message() {
        return "Invalid value " + value + " for configuration " + key + ": expected " + expected;
    }
}
