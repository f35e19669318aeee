package io.penstock.bench.load;

import java.util.Locale;

/** The shapes of load this generator knows. */
enum Scenario {
    /** One request in flight; the next one leaves when the answer is there. */
    CLOSED,
    /** Requests leave on a fixed schedule whatever the answers do; latency counts from the scheduled time. */
    OPEN,
    /** A window of requests in flight on one connection; for throughput. */
    PIPELINED,
    /** Open-loop produce, measured until a waiting fetch has the record. */
    END_TO_END;

    static Scenario of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
