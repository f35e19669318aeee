package io.penstock.net.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Gathers samples under their metric names while one collection runs. Names are those that dashboards made for Apache Kafka's JMX
 * exporter and for kafka_exporter read; ours start with {@code penstock_}. Owned by one collection.
 */
final class MetricFamilies {

    private static final double[] QUANTILES = {0.5, 0.75, 0.95, 0.98, 0.99, 0.999};

    /** Upper bounds in seconds: what small messages take, up to what a long poll takes. */
    private static final double[] BUCKETS_S = {
        0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5
    };

    private static final double NS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final double NS_PER_S = TimeUnit.SECONDS.toNanos(1);

    private final Map<String, CounterSnapshot.Builder> counters = new LinkedHashMap<>();
    private final Map<String, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();
    private final Map<String, SummarySnapshot.Builder> summaries = new LinkedHashMap<>();
    private final Map<String, HistogramSnapshot.Builder> histograms = new LinkedHashMap<>();

    /** A count since the start; {@code name} is without its ending {@code _total}. */
    void counter(String name, String help, long value, String... labels) {
        counters.computeIfAbsent(
                        name, key -> CounterSnapshot.builder().name(key).help(help))
                .dataPoint(CounterDataPointSnapshot.builder()
                        .labels(Labels.of(labels))
                        .value((double) value)
                        .build());
    }

    /** A count of this moment. */
    void gauge(String name, String help, long value, String... labels) {
        gauge(name, help, (double) value, labels);
    }

    /** A value of this moment. */
    void gauge(String name, String help, double value, String... labels) {
        gauges.computeIfAbsent(name, key -> GaugeSnapshot.builder().name(key).help(help))
                .dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(Labels.of(labels))
                        .value(value)
                        .build());
    }

    /** Quantiles of the recent past in milliseconds, with the count and sum since the start, as Kafka's histograms have them. */
    void summaryMs(String name, String help, HistogramSums total, HistogramSums recent, String... labels) {
        Quantiles.Builder quantiles = Quantiles.builder();
        for (double quantile : QUANTILES) {
            quantiles.quantile(quantile, recent.quantileNs(quantile) / NS_PER_MS);
        }
        summaries
                .computeIfAbsent(
                        name, key -> SummarySnapshot.builder().name(key).help(help))
                .dataPoint(SummaryDataPointSnapshot.builder()
                        .labels(Labels.of(labels))
                        .quantiles(quantiles.build())
                        .count(total.count())
                        .sum(total.sumNs() / NS_PER_MS)
                        .build());
    }

    /** Counts by bucket since the start, in seconds, which can be added up over brokers. */
    void histogramSeconds(String name, String help, HistogramSums total, String... labels) {
        histograms
                .computeIfAbsent(
                        name, key -> HistogramSnapshot.builder().name(key).help(help))
                .dataPoint(HistogramDataPointSnapshot.builder()
                        .labels(Labels.of(labels))
                        .classicHistogramBuckets(buckets(total))
                        .sum(total.sumNs() / NS_PER_S)
                        .build());
    }

    private static ClassicHistogramBuckets buckets(HistogramSums total) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        long below = 0;
        for (double boundS : BUCKETS_S) {
            long upTo = total.countUpTo(Math.round(boundS * NS_PER_S));
            buckets.bucket(boundS, upTo - below);
            below = upTo;
        }
        return buckets.bucket(Double.POSITIVE_INFINITY, total.count() - below).build();
    }

    /** Everything gathered. */
    MetricSnapshots build() {
        List<MetricSnapshot> all = new ArrayList<>();
        addTo(all, counters, CounterSnapshot.Builder::build);
        addTo(all, gauges, GaugeSnapshot.Builder::build);
        addTo(all, summaries, SummarySnapshot.Builder::build);
        addTo(all, histograms, HistogramSnapshot.Builder::build);
        return new MetricSnapshots(all);
    }

    private static <B> void addTo(
            List<MetricSnapshot> all, Map<String, B> builders, Function<B, MetricSnapshot> build) {
        builders.values().forEach(builder -> all.add(build.apply(builder)));
    }
}
