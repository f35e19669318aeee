package io.penstock.net.metrics;

import io.penstock.core.quota.ClientMeter;
import io.penstock.core.quota.ClientMeters;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;

/**
 * How far clients have used their quotas, under the names that Kafka's JMX beans have through the usual exporter. Only clients with a
 * quota have series, and of those at most {@value #MAX_METERS}, the ones throttled longest first. Owned by one collector.
 */
final class QuotaFigures {
    private static final int MAX_METERS = 1_000;

    private final ClientMeters meters;

    QuotaFigures(ClientMeters meters) {
        this.meters = meters;
    }

    void collect(MetricFamilies families, long nowNs) {
        long nowMs = TimeUnit.NANOSECONDS.toMillis(nowNs);
        meters.sweep(nowMs);
        meters.meters().stream()
                .map(meter -> new Sample(meter, meter.throttleTimeMs(nowMs)))
                .sorted(Comparator.comparingDouble(Sample::throttleTimeMs).reversed())
                .limit(MAX_METERS)
                .forEach(sample -> collect(families, sample, nowMs));
    }

    private record Sample(ClientMeter meter, double throttleTimeMs) {}

    private static void collect(MetricFamilies families, Sample sample, long nowMs) {
        ClientMeter meter = sample.meter;
        String[] labels = {"user", meter.user(), "client_id", meter.clientId()};
        String prefix = switch (meter.key()) {
            case PRODUCER_BYTE_RATE -> "kafka_server_produce_";
            case CONSUMER_BYTE_RATE -> "kafka_server_fetch_";
            case REQUEST_PERCENTAGE -> "kafka_server_request_";
            case CONTROLLER_MUTATION_RATE -> "kafka_server_controllermutation_";
            case CONNECTION_CREATION_RATE -> throw new IllegalStateException("connections have no client meter");
        };
        double rate = meter.perSecond(nowMs);
        switch (meter.key()) {
            case PRODUCER_BYTE_RATE, CONSUMER_BYTE_RATE ->
                families.gauge(prefix + "byte_rate", "Bytes per second of clients that have a quota.", rate, labels);
            case REQUEST_PERCENTAGE ->
                families.gauge(
                        prefix + "request_time",
                        "Time of event loops for clients that have a quota, in percent of one.",
                        rate,
                        labels);
            case CONTROLLER_MUTATION_RATE, CONNECTION_CREATION_RATE -> {
                families.gauge(prefix + "mutation_rate", "Partitions created and deleted in a second.", rate, labels);
                families.gauge(
                        prefix + "tokens",
                        "Partitions that may be created or deleted at once.",
                        meter.tokens(nowMs),
                        labels);
            }
        }
        families.gauge(
                prefix + "throttle_time",
                "Milliseconds for which answers were throttled lately, on average of those that were.",
                sample.throttleTimeMs,
                labels);
    }
}
