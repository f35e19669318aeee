/**
 * Loads a Kafka-protocol broker over raw sockets and records latencies with HdrHistogram. No client library stands between the
 * clock and the socket, so what is measured is the broker.
 *
 * <p>Start with {@link io.penstock.bench.load.LoadCommand} (the command line), then {@link io.penstock.bench.load.Scenario}.
 */
@NullMarked
package io.penstock.bench.load;

import org.jspecify.annotations.NullMarked;
