package io.penstock.net.http;

/**
 * One thing that was looked at. Immutable.
 *
 * @param name a few lower-case words: {@code event loops}
 * @param detail what was found, in words; the reason if it is not well
 */
public record HealthCheck(String name, boolean isOk, String detail) {

    public static HealthCheck ok(String name, String detail) {
        return new HealthCheck(name, true, detail);
    }

    public static HealthCheck failed(String name, String reason) {
        return new HealthCheck(name, false, reason);
    }
}
