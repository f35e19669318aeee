package io.penstock.bench.compare;

import io.penstock.bench.load.LoadPlan;
import io.penstock.bench.load.LoadResult;
import io.penstock.bench.load.LoadRun;
import io.penstock.bench.load.LoadTopic;
import io.penstock.bench.load.Scenario;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/**
 * One load and the numbers that are taken from it.
 *
 * @param name as in tables
 * @param isForEcho whether an echo can be put under the same load
 */
record Figure(
        String name,
        Scenario scenario,
        short acks,
        int records,
        int valueBytes,
        int rate,
        int window,
        int connections,
        List<Metric> metrics,
        boolean isForEcho,
        Reading reading) {
    private static final short LEADER = 1;
    private static final short ALL = -1;
    private static final int IDLE_RATE = 500;
    private static final int CLIENT_THREADS = 1;
    private static final int SMALL_BYTES = 100;

    /**
     * What was measured, on its way to numbers.
     *
     * @param cpuNs processor time of the server; {@link Double#NaN} if nobody can tell
     */
    record Measured(LoadResult load, double cpuNs) {
        double perSecond() {
            return load.latencyNs().getTotalCount() * 1e9 / load.elapsedNs();
        }

        double megabytesPerSecond() {
            return load.payloadBytes() * 1e3 / load.elapsedNs();
        }

        double cpuMicrosPerRequest() {
            return cpuNs / 1e3 / load.latencyNs().getTotalCount();
        }

        double cpuSecondsPerGigabyte() {
            return cpuNs / load.payloadBytes();
        }
    }

    /** Takes the numbers, in the order of the metrics. */
    interface Reading {
        double[] of(Measured measured);
    }

    private static final Reading LATENCIES = measured -> new double[] {
        measured.load().micros(50), measured.load().micros(99), measured.load().micros(99.9)
    };
    private static final Reading SMALL_ONES =
            measured -> new double[] {measured.perSecond(), measured.cpuMicrosPerRequest()};
    private static final Reading LARGE_ONES =
            measured -> new double[] {measured.megabytesPerSecond(), measured.cpuSecondsPerGigabyte()};

    private static final List<Metric> POINT_METRICS = List.of(
            Metric.shown("requests/s"),
            Metric.shown("MB/s"),
            Metric.shown("p50 µs"),
            Metric.shown("p99 µs"),
            Metric.shown("p99.9 µs"),
            Metric.shown("broker CPU µs/request"));
    private static final Reading POINT = measured -> new double[] {
        measured.perSecond(),
        measured.megabytesPerSecond(),
        measured.load().micros(50),
        measured.load().micros(99),
        measured.load().micros(99.9),
        measured.cpuMicrosPerRequest()
    };

    /** All that are compared. */
    static List<Figure> all() {
        return List.of(
                latency("closed loop, acks=1", Scenario.CLOSED, LEADER, true, 0.5, 0.5, 0.3),
                latency("500/s, acks=1", Scenario.OPEN, LEADER, true, 0.6, 0.5, 0.4),
                latency("500/s, acks=all", Scenario.OPEN, ALL, false, 0.6, 0.5, 0.4),
                latency("produce to waiting fetch, 500/s", Scenario.END_TO_END, LEADER, false, 0.5, 0.5, Double.NaN),
                small("pipelined, window 64", Scenario.PIPELINED, 64, 1, 8, 0.2),
                small("16 connections, one in flight each", Scenario.CONNECTIONS, 1, 16, 2, 0.4),
                large("160 KB batches in, window 8", Scenario.PIPELINED, 8, 1, 1.5, 0.5),
                large("read back, hot", Scenario.READ_BACK, 1, 1, 1.0, 1.0),
                large("1 producer, 8 consumers, 100 batches/s", Scenario.FAN_OUT, 1, 8, Double.NaN, 0.8));
    }

    private static Figure latency(
            String name, Scenario scenario, short acks, boolean isForEcho, double p50, double p99, double p999) {
        List<Metric> metrics =
                List.of(Metric.atMost("p50 µs", p50), Metric.atMost("p99 µs", p99), Metric.atMost("p99.9 µs", p999));
        return new Figure(name, scenario, acks, 1, SMALL_BYTES, IDLE_RATE, 1, 1, metrics, isForEcho, LATENCIES);
    }

    private static Figure small(String name, Scenario scenario, int window, int connections, double rate, double cpu) {
        List<Metric> metrics = List.of(Metric.atLeast("requests/s", rate), Metric.atMost("broker CPU µs/request", cpu));
        return new Figure(
                name, scenario, LEADER, 1, SMALL_BYTES, IDLE_RATE, window, connections, metrics, false, SMALL_ONES);
    }

    private static Figure large(String name, Scenario scenario, int window, int connections, double rate, double cpu) {
        List<Metric> metrics = List.of(Metric.atLeast("MB/s", rate), Metric.atMost("broker CPU s/GB", cpu));
        return new Figure(name, scenario, LEADER, 160, 1_000, 100, window, connections, metrics, false, LARGE_ONES);
    }

    /**
     * Closed loop with values of one size: a point of a curve.
     *
     * @param valueBytes of the one record in each request
     */
    static Figure ofSize(int valueBytes) {
        return point(String.format(Locale.ROOT, "value of %,d B", valueBytes), Scenario.CLOSED, valueBytes, 1);
    }

    /** Small values on so many connections, one request in flight on each: a point of a curve. */
    static Figure ofConnections(int connections) {
        String name = String.format(Locale.ROOT, "connections: %,d", connections);
        return point(name, Scenario.CONNECTIONS, SMALL_BYTES, connections);
    }

    private static Figure point(String name, Scenario scenario, int valueBytes, int connections) {
        return new Figure(
                name, scenario, LEADER, 1, valueBytes, IDLE_RATE, 1, connections, POINT_METRICS, false, POINT);
    }

    /** Puts a server under this load. */
    Measured measure(ServerUnderLoad server, boolean isBroker, String topic, Durations durations)
            throws IOException, InterruptedException {
        if (isBroker) {
            LoadTopic.ensureTopic(server.address(), topic);
        }
        LoadPlan plan = new LoadPlan(
                scenario,
                server.address(),
                topic,
                acks,
                records,
                valueBytes,
                rate,
                window,
                connections,
                CLIENT_THREADS,
                durations.warmUpSeconds(),
                durations.seconds(),
                isBroker);
        double[] warmCpuNs = new double[1];
        LoadResult load = new LoadRun(plan, () -> warmCpuNs[0] = cpuNs(server)).run();
        if (load.latencyNs().getTotalCount() == 0) {
            throw new IOException("no request was answered: " + name);
        }
        return new Measured(load, cpuNs(server) - warmCpuNs[0]);
    }

    private static double cpuNs(ServerUnderLoad server) {
        try {
            return server.cpuNs();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
