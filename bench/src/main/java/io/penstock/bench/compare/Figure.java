package io.penstock.bench.compare;

import io.penstock.bench.load.LoadPlan;
import io.penstock.bench.load.LoadResult;
import io.penstock.bench.load.LoadRun;
import io.penstock.bench.load.LoadTopic;
import io.penstock.bench.load.Scenario;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

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

    /** What was measured, on its way to numbers. */
    record Measured(LoadResult load, long cpuNs) {
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
            return (double) cpuNs / load.payloadBytes();
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
        return new Figure(name, scenario, acks, 1, 100, IDLE_RATE, 1, 1, metrics, isForEcho, LATENCIES);
    }

    private static Figure small(String name, Scenario scenario, int window, int connections, double rate, double cpu) {
        List<Metric> metrics = List.of(Metric.atLeast("requests/s", rate), Metric.atMost("broker CPU µs/request", cpu));
        return new Figure(name, scenario, LEADER, 1, 100, IDLE_RATE, window, connections, metrics, false, SMALL_ONES);
    }

    private static Figure large(String name, Scenario scenario, int window, int connections, double rate, double cpu) {
        List<Metric> metrics = List.of(Metric.atLeast("MB/s", rate), Metric.atMost("broker CPU s/GB", cpu));
        return new Figure(name, scenario, LEADER, 160, 1_000, 100, window, connections, metrics, false, LARGE_ONES);
    }

    /** Puts a server under this load. */
    Measured measure(RunningServer server, boolean isBroker, String topic, int warmUpSeconds, int seconds)
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
                warmUpSeconds,
                seconds,
                isBroker);
        long[] warmCpuNs = new long[1];
        LoadResult load = new LoadRun(plan, () -> warmCpuNs[0] = cpuNs(server)).run();
        return new Measured(load, cpuNs(server) - warmCpuNs[0]);
    }

    private static long cpuNs(RunningServer server) {
        try {
            return server.cpuNs();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
