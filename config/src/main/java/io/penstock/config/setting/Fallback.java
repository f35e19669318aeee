package io.penstock.config.setting;

/**
 * Another key that gives a setting its value when the setting itself is absent.
 *
 * @param key the other key
 * @param factor what one of the other key's units is in units of the setting: 3 600 000 for hours behind milliseconds
 */
public record Fallback(String key, long factor) {

    public static Fallback to(String key) {
        return new Fallback(key, 1);
    }

    /** Converts a number to the setting's unit. Negative numbers mean "no limit" and have no unit. */
    public long scale(long value) {
        return value < 0 ? value : Math.multiplyExact(value, factor);
    }
}
