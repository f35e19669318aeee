package io.penstock.net.server;

import static io.penstock.net.server.ConnectionLimits.requirePositive;

/**
 * What one connection may have in flight. Reading pauses at any of these and goes on below it, so a single request or answer may
 * exceed the byte limits. Immutable.
 *
 * @param maxRequests dispatched and not yet answered
 * @param maxRequestBytes memory of those requests
 * @param maxResponseBytes answers not yet taken by the client's socket, including those that wait for their turn
 */
public record PipelineLimits(int maxRequests, int maxRequestBytes, int maxResponseBytes) {
    /** 64 requests, 16 MiB of requests, 1 MiB of answers. */
    public static final PipelineLimits DEFAULTS = new PipelineLimits(64, 16 << 20, 1 << 20);

    public PipelineLimits {
        requirePositive("maxRequests", maxRequests);
        requirePositive("maxRequestBytes", maxRequestBytes);
        requirePositive("maxResponseBytes", maxResponseBytes);
    }
}
