package io.penstock.net.metrics;

import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.net.metrics.TopicRecorder.TopicSums;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;

/**
 * Adds up what all threads recorded about records, over all topics and for each one. Only a bounded number of topics is told apart,
 * in the order of their names; the sum over all is always complete. Owned by one collector.
 */
final class TopicFigures {

    private final BrokerMetrics metrics;
    private final int maxTopics;
    private final LatencyFigures appends;

    TopicFigures(BrokerMetrics metrics, int maxTopics, long nowNs) {
        this.metrics = metrics;
        this.maxTopics = maxTopics;
        this.appends = new LatencyFigures(nowNs);
    }

    void collect(MetricFamilies families, Supplier<MetadataImage> images, long nowNs) {
        TopicSums all = new TopicSums();
        Map<String, TopicSums> byName = new TreeMap<>();
        for (LoopRecorder recorder : metrics.recorders()) {
            recorder.allTopics().addTo(all);
            // The image is read after the key is seen: a topic that is not in it was deleted, not just created.
            recorder.topics().keySet().removeIf(id -> images.get().topic(id) == null);
            recorder.topics().forEach((id, figures) -> addTo(byName, images.get(), id, figures));
        }
        add(families, all);
        byName.entrySet().stream()
                .limit(maxTopics)
                .forEach(each -> add(families, each.getValue(), "topic", each.getKey()));
        appends.collect(metrics.recorders().stream().flatMap(recorder -> recorder.findAppends().stream()), nowNs);
        collectLogs(families);
    }

    private static void addTo(Map<String, TopicSums> byName, MetadataImage image, Uuid id, TopicRecorder figures) {
        TopicImage topic = image.topic(id);
        if (topic != null) {
            figures.addTo(byName.computeIfAbsent(topic.name(), name -> new TopicSums()));
        }
    }

    private static void add(MetricFamilies families, TopicSums sums, String... labels) {
        addCounter(families, "messagesin", "Records appended.", sums.records, labels);
        addCounter(families, "bytesin", "Bytes of batches appended.", sums.bytesIn, labels);
        addCounter(families, "bytesout", "Bytes of batches read by clients.", sums.bytesOut, labels);
        addCounter(families, "bytesrejected", "Bytes of batches refused.", sums.bytesRejected, labels);
        addCounter(families, "totalproducerequests", "Batches produced.", sums.appends + sums.rejections, labels);
        addCounter(families, "failedproducerequests", "Batches refused.", sums.rejections, labels);
        addCounter(families, "totalfetchrequests", "Reads of a partition that found records.", sums.fetches, labels);
        families.counter(
                "penstock_duplicates_dropped",
                "Records acknowledged but not written, because their message ids were there already.",
                sums.duplicates,
                labels);
    }

    private static void addCounter(MetricFamilies families, String name, String help, long value, String... labels) {
        families.counter("kafka_server_brokertopicmetrics_" + name, help, value, labels);
    }

    private void collectLogs(MetricFamilies families) {
        families.gauge("penstock_open_logs", "Partition logs whose files are open.", metrics.openLogs());
        families.histogramSeconds(
                "penstock_log_append_duration_seconds",
                "Seconds for which an append held up its event loop.",
                appends.total());
        families.gauge(
                "penstock_log_append_max_seconds",
                "Longest time for which an append held up its event loop in the last minute.",
                appends.lately().maxNs() / 1e9);
    }
}
