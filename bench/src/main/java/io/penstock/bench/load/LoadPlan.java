package io.penstock.bench.load;

import java.net.InetSocketAddress;

/**
 * One run of the generator. Immutable.
 *
 * @param records records in each produce request
 * @param valueBytes bytes of each record's value; may be 0
 * @param ratePerSecond requests per second of the open-loop scenarios
 * @param window requests in flight of the pipelined scenario
 * @param connections connections, or consumers, of the scenarios that have several
 * @param clientThreads threads that share the connections of the connections scenario
 * @param warmUpSeconds load before the clock counts
 * @param answered whether answers are a broker's and are looked at; an echo's are not
 */
public record LoadPlan(
        Scenario scenario,
        InetSocketAddress broker,
        String topic,
        short acks,
        int records,
        int valueBytes,
        int ratePerSecond,
        int window,
        int connections,
        int clientThreads,
        int warmUpSeconds,
        int seconds,
        boolean answered) {

    public LoadPlan {
        requirePositive(records, "records");
        requirePositive(ratePerSecond, "rate");
        requirePositive(window, "window");
        requirePositive(connections, "connections");
        requirePositive(seconds, "seconds");
        requirePositive(clientThreads, "client threads");
        if (valueBytes < 0 || warmUpSeconds < 0) {
            throw new IllegalArgumentException(
                    "bytes and warm-up must not be negative: " + valueBytes + ", " + warmUpSeconds);
        }
        if (acks == 0 || acks < -1 || acks > 1) {
            throw new IllegalArgumentException("acks must be 1 or all, an unanswered request has no latency: " + acks);
        }
    }

    long warmUpNs() {
        return warmUpSeconds * 1_000_000_000L;
    }

    long totalNs() {
        return (warmUpSeconds + seconds) * 1_000_000_000L;
    }

    private static void requirePositive(int value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }
}
