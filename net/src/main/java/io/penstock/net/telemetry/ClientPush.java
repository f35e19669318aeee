package io.penstock.net.telemetry;

import java.util.List;

/**
 * What one client instance pushed last. Immutable.
 *
 * @param atMs when, on a clock that only goes forward
 * @param validMs after which it says nothing about the client any more
 */
public record ClientPush(
        String instanceId,
        String clientId,
        String softwareName,
        String softwareVersion,
        long atMs,
        long validMs,
        List<Sample> samples) {
    public ClientPush {
        samples = List.copyOf(samples);
    }

    boolean isValidAt(long nowMs) {
        return nowMs - atMs <= validMs;
    }
}
