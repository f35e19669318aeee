/**
 * Metrics that clients push about themselves (KIP-714): which of them are wanted of whom, whose turn it is to push, and the newest
 * values of each client for {@code /metrics}. One event loop owns the state; unpacking happens on worker threads.
 *
 * <p>Start with {@link io.penstock.net.telemetry.ClientTelemetry} and {@link io.penstock.net.telemetry.ClientInstances}.
 */
@NullMarked
package io.penstock.net.telemetry;

import org.jspecify.annotations.NullMarked;
