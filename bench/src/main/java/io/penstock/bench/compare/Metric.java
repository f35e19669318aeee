package io.penstock.bench.compare;

/**
 * One number of a figure.
 *
 * @param name what it is, with its unit
 * @param limit ratio to Kafka's that must be reached; {@link Double#NaN} if none is set
 * @param isMoreBetter whether the ratio must be at least the limit rather than at most
 */
record Metric(String name, double limit, boolean isMoreBetter) {
    static Metric atMost(String name, double limit) {
        return new Metric(name, limit, false);
    }

    static Metric atLeast(String name, double limit) {
        return new Metric(name, limit, true);
    }

    static Metric shown(String name) {
        return new Metric(name, Double.NaN, false);
    }

    boolean holds(double ratio) {
        return isMoreBetter ? ratio >= limit : ratio <= limit;
    }

    boolean hasLimit() {
        return !Double.isNaN(limit);
    }
}
