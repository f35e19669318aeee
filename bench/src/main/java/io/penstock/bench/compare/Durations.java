package io.penstock.bench.compare;

/**
 * How long things take. Immutable.
 *
 * @param prepareSeconds of the first load of {@link Preparation} after a start; 0 for none
 * @param warmUpSeconds of each load before the clock counts
 * @param seconds of each load that count
 */
record Durations(int prepareSeconds, int warmUpSeconds, int seconds) {
    Durations {
        if (prepareSeconds < 0 || warmUpSeconds < 0 || seconds < 1) {
            throw new IllegalArgumentException("expected seconds of 0 or more, and 1 or more that count, found "
                    + prepareSeconds + ", " + warmUpSeconds + " and " + seconds);
        }
    }
}
