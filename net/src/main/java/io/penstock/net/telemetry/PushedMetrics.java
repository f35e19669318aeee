package io.penstock.net.telemetry;

import io.penstock.core.partition.SnappyFraming;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.shaded.io.opentelemetry.proto.common.v1.KeyValue;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.Metric;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.MetricsData;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.ScopeMetrics;

/** Reads what a client pushed: OTLP metrics, perhaps compressed. Stateless; for worker threads, since it may take milliseconds. */
final class PushedMetrics {
    /** Clients pack some ten thousand values into that; a bomb is cut off there. */
    static final int MAX_UNPACKED_BYTES = 8 << 20;

    static final int MAX_SAMPLES = 200;
    private static final int MAX_CHARS = 255;
    private static final int CHUNK_BYTES = 16 << 10;

    private PushedMetrics() {}

    /**
     * The gauges and sums in it, at most {@value #MAX_SAMPLES}; histograms, which Kafka's clients do not push, are passed over.
     *
     * @throws IOException these are no metrics, or they unpack to more than {@value #MAX_UNPACKED_BYTES} bytes
     */
    static List<Sample> read(ByteBuffer metrics, CompressionType compression) throws IOException {
        MetricsData data = MetricsData.parseFrom(unpack(metrics, compression));
        Map<SeriesKey, Sample> samples = new LinkedHashMap<>();
        for (ResourceMetrics resource : data.getResourceMetricsList()) {
            for (ScopeMetrics scope : resource.getScopeMetricsList()) {
                for (Metric metric : scope.getMetricsList()) {
                    add(metric, samples);
                }
            }
        }
        return List.copyOf(samples.values());
    }

    private static byte[] unpack(ByteBuffer metrics, CompressionType compression) throws IOException {
        if (compression == CompressionType.SNAPPY && !SnappyFraming.isWithin(metrics, MAX_UNPACKED_BYTES)) {
            throw new IOException(
                    "snappy stream is damaged, or metrics unpack to more than " + MAX_UNPACKED_BYTES + " bytes");
        }
        ByteArrayOutputStream unpacked = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK_BYTES];
        try (InputStream in = Compression.of(compression)
                .build()
                .wrapForInput(metrics.duplicate(), RecordBatch.CURRENT_MAGIC_VALUE, BufferSupplier.create())) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                unpacked.write(chunk, 0, read);
                if (unpacked.size() > MAX_UNPACKED_BYTES) {
                    throw new IOException("metrics unpack to more than " + MAX_UNPACKED_BYTES + " bytes");
                }
            }
        } catch (RuntimeException corrupt) { // what the codecs throw for rubbish
            throw new IOException("metrics cannot be unpacked", corrupt);
        }
        return unpacked.toByteArray();
    }

    private static void add(Metric metric, Map<SeriesKey, Sample> samples) {
        List<NumberDataPoint> points = metric.hasSum()
                ? metric.getSum().getDataPointsList()
                : metric.getGauge().getDataPointsList();
        for (NumberDataPoint point : points) {
            if (samples.size() < MAX_SAMPLES) {
                SeriesKey key = new SeriesKey(cut(metric.getName()), cut(attributes(point)));
                samples.put(key, new Sample(key.metric, key.attributes, value(point)));
            }
        }
    }

    /** What must be unique among the samples of one push. */
    private record SeriesKey(String metric, String attributes) {}

    private static double value(NumberDataPoint point) {
        return point.hasAsInt() ? point.getAsInt() : point.getAsDouble();
    }

    private static String attributes(NumberDataPoint point) {
        Map<String, String> sorted = new TreeMap<>();
        for (KeyValue attribute : point.getAttributesList()) {
            sorted.put(attribute.getKey(), attribute.getValue().getStringValue());
        }
        return sorted.entrySet().stream()
                .map(attribute -> attribute.getKey() + "=" + attribute.getValue())
                .collect(Collectors.joining(","));
    }

    private static String cut(String text) {
        return text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) : text;
    }
}
