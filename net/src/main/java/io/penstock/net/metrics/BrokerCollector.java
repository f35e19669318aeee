package io.penstock.net.metrics;

import io.penstock.core.BrokerKernel;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.PartitionStatus;
import io.penstock.core.quota.ClientMeters;
import io.penstock.net.telemetry.ClientTelemetry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one set of samples of everything that is ours. One collection at a time, each on a worker thread; what the partitions
 * answered is handed in before.
 */
final class BrokerCollector implements MultiCollector {

    private static final Logger LOGGER = LoggerFactory.getLogger(BrokerCollector.class);

    /** Topics with series of their own; all of them count in the sums. */
    private static final int MAX_TOPICS = 1_000;

    private final BrokerKernel kernel;
    private final BrokerMetrics metrics;
    private final LoopWatch loops;
    private final List<Path> directories;
    private final RequestFigures requests;
    private final TopicFigures topics;
    private final QuotaFigures quotas;
    private final TelemetryFigures telemetry;
    private final PartitionFigures partitions;
    private final LatencyFigures lag;

    private volatile Map<PartitionId, PartitionStatus> statuses = Map.of();

    BrokerCollector(
            BrokerKernel kernel,
            BrokerMetrics metrics,
            ClientMeters meters,
            ClientTelemetry telemetry,
            LoopWatch loops,
            List<Path> directories) {
        long nowNs = System.nanoTime();
        this.kernel = kernel;
        this.metrics = metrics;
        this.loops = loops;
        this.directories = List.copyOf(directories);
        this.requests = new RequestFigures(metrics);
        this.topics = new TopicFigures(metrics, MAX_TOPICS, nowNs);
        this.quotas = new QuotaFigures(meters);
        this.telemetry = new TelemetryFigures(telemetry);
        this.partitions = new PartitionFigures(kernel.nodeId());
        this.lag = new LatencyFigures(nowNs);
    }

    /** What the partitions answered, for the next collection. */
    void onSurvey(Map<PartitionId, PartitionStatus> answered) {
        statuses = answered;
    }

    @Override
    public MetricSnapshots collect() {
        long nowNs = System.nanoTime();
        MetricFamilies families = new MetricFamilies();
        requests.collect(families, nowNs);
        topics.collect(families, kernel::metadata, nowNs);
        quotas.collect(families, nowNs);
        telemetry.collect(families);
        partitions.collect(families, kernel.metadata(), statuses);
        CleanerSamples.collect(families, metrics.cleaner(), System.currentTimeMillis());
        collectLoops(families, nowNs);
        directories.forEach(directory -> collectVolume(families, directory));
        return families.build();
    }

    private void collectLoops(MetricFamilies families, long nowNs) {
        lag.collect(loops.lags(), nowNs);
        families.gauge("penstock_event_loops", "Event loops that serve connections and partitions.", loops.loopCount());
        families.histogramSeconds(
                "penstock_event_loop_lag_seconds", "Seconds by which timers fired late.", lag.total());
        families.gauge(
                "penstock_event_loop_lag_max_seconds",
                "Longest time by which a timer fired late in the last minute.",
                lag.lately().maxNs() / 1e9);
    }

    /** A volume that does not answer must not take the other figures with it: that is when they are looked at. */
    private static void collectVolume(MetricFamilies families, Path directory) {
        String[] labels = {"directory", directory.toString()};
        boolean isReadable = true;
        try {
            FileStore volume = Files.getFileStore(directory);
            double totalBytes = volume.getTotalSpace();
            double usableBytes = volume.getUsableSpace();
            families.gauge("penstock_disk_total_bytes", "Size of the volume.", totalBytes, labels);
            families.gauge("penstock_disk_usable_bytes", "Room left on the volume.", usableBytes, labels);
        } catch (IOException unreadable) {
            isReadable = false;
            LOGGER.atDebug()
                    .setCause(unreadable)
                    .addKeyValue("directory", directory)
                    .log("Volume does not answer");
        }
        families.gauge("penstock_disk_readable", "1 while the volume answers.", isReadable ? 1 : 0, labels);
    }
}
