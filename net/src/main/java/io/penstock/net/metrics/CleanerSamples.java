package io.penstock.net.metrics;

import io.penstock.core.runtime.CleanerFigures;

/** Figures of the compaction under the names that dashboards made for Apache Kafka's JMX exporter read. Stateless. */
final class CleanerSamples {
    private CleanerSamples() {}

    static void collect(MetricFamilies families, CleanerFigures figures, long nowMs) {
        families.gauge(
                "kafka_log_logcleanermanager_max_dirty_percent",
                "Share of bytes that were not compacted yet in the dirtiest log.",
                figures.maxDirtyPercent());
        families.gauge(
                "kafka_log_logcleanermanager_uncleanable_partitions_count",
                "Partitions that cannot be compacted; the log of the broker says why.",
                figures.uncleanablePartitions());
        families.gauge(
                "kafka_log_logcleanermanager_uncleanable_bytes",
                "Bytes that wait to be compacted in partitions that cannot be.",
                figures.uncleanableBytes());
        families.gauge(
                "kafka_log_logcleanermanager_time_since_last_run_ms",
                "Milliseconds since the logs were last looked at; 0 before the first time.",
                figures.lastRunMs() == 0 ? 0 : Math.max(0, nowMs - figures.lastRunMs()));
        families.gauge(
                "kafka_log_logcleaner_max_compaction_delay_secs",
                "Seconds for which a record waits beyond max.compaction.lag.ms.",
                figures.maxOverdueSeconds());
        families.gauge(
                "kafka_log_logcleaner_max_buffer_utilization_percent",
                "How full the table of keys was in the last compaction.",
                figures.lastTablePercent());
        families.gauge(
                "kafka_log_logcleaner_cleaner_recopy_percent",
                "What the last compaction left of the bytes that it read.",
                figures.lastRecopyPercent());
        families.gauge(
                "kafka_log_logcleaner_max_clean_time_secs",
                "Seconds that the last compaction took.",
                figures.lastSeconds());
        families.counter("penstock_compactions", "Compactions that were ended.", figures.runs());
    }
}
