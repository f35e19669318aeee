package io.penstock.core.quota;

/** A meter under the limit that holds for a client. Immutable but for the meter. */
record MeteredLimit(ClientMeter meter, double limitPerSecond) {
    long record(long amount, long nowMs) {
        return meter.record(amount, limitPerSecond, nowMs);
    }
}
