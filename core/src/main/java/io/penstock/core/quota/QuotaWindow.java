package io.penstock.core.quota;

/**
 * Over how much of the past a rate is measured. Immutable.
 *
 * @param samples how many samples are kept, the running one included ({@code quota.window.num})
 * @param sampleMs length of one ({@code quota.window.size.seconds})
 */
public record QuotaWindow(int samples, long sampleMs) {
    /** Ten whole seconds and the running one. */
    public static final QuotaWindow DEFAULT = new QuotaWindow(11, 1_000);

    public QuotaWindow {
        if (samples < 1 || sampleMs < 1) {
            throw new IllegalArgumentException("expected samples of some length, found " + samples + " of " + sampleMs);
        }
    }

    /** After so long without an event a sample no longer counts. */
    long expiryMs() {
        return samples * sampleMs;
    }

    /** What may be used at once by somebody who used nothing before, without being over the limit for certain. */
    double burst(double limitPerSecond) {
        return limitPerSecond * (samples - 1) * (sampleMs / 1000.0);
    }

    /** What a token bucket of that rate holds when it is full. */
    double capacity(double limitPerSecond) {
        return limitPerSecond * samples * (sampleMs / 1000.0);
    }
}
