package io.penstock.bench.load;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The shapes of load this generator knows. */
public enum Scenario {
    /** One request in flight; the next one leaves when the answer is there. */
    CLOSED,
    /** The same on many connections at once. */
    CONNECTIONS,
    /** Requests leave on a fixed schedule whatever the answers do; latency counts from the scheduled time. */
    OPEN,
    /** A window of requests in flight on one connection; for throughput. */
    PIPELINED,
    /** Open-loop produce, measured until a waiting fetch has the record. */
    END_TO_END,
    /** Fetches a log that was just written from its start to its end, again and again, one fetch in flight. */
    READ_BACK,
    /** Open-loop produce that several waiting consumers fetch; counts what is delivered. */
    FAN_OUT;

    /** @throws IllegalArgumentException a name that is no {@link #label} */
    static Scenario of(String name) {
        for (Scenario scenario : values()) {
            if (scenario.label().equals(name)) {
                return scenario;
            }
        }
        throw new IllegalArgumentException("scenario must be one of "
                + Stream.of(values()).map(Scenario::label).collect(Collectors.joining(", ")) + ", found '" + name
                + "'");
    }

    /** As on the command line. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
