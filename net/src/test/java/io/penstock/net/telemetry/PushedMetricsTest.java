package io.penstock.net.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.apache.kafka.shaded.io.opentelemetry.proto.common.v1.AnyValue;
import org.apache.kafka.shaded.io.opentelemetry.proto.common.v1.KeyValue;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.Gauge;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.Metric;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.MetricsData;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.Sum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PushedMetricsTest {
    private static final MetricsData TWO = data(
            Metric.newBuilder()
                    .setName("a.gauge")
                    .setGauge(Gauge.newBuilder().addDataPoints(point(1.5, "topic", "t", "node", "1")))
                    .build(),
            Metric.newBuilder()
                    .setName("a.sum")
                    .setSum(Sum.newBuilder()
                            .addDataPoints(NumberDataPoint.newBuilder().setAsInt(42)))
                    .build());

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldReadGaugesAndSumsOfEveryCompression(CompressionType type) throws IOException {
        assertThat(PushedMetrics.read(compress(TWO.toByteArray(), type), type))
                .containsExactly(new Sample("a.gauge", "node=1,topic=t", 1.5), new Sample("a.sum", "", 42));
    }

    @Test
    void shouldKeepTheLastOfValuesWithTheSameNameAndAttributes() throws IOException {
        MetricsData twice = data(Metric.newBuilder()
                .setName("a")
                .setGauge(Gauge.newBuilder().addDataPoints(point(1)).addDataPoints(point(2)))
                .build());

        assertThat(PushedMetrics.read(ByteBuffer.wrap(twice.toByteArray()), CompressionType.NONE))
                .containsExactly(new Sample("a", "", 2));
    }

    @Test
    void shouldBoundTheNumberOfValuesAndTheLengthOfNames() throws IOException {
        Gauge.Builder many = Gauge.newBuilder();
        for (int i = 0; i < 1000; i++) {
            many.addDataPoints(point(i, "i", Integer.toString(i)));
        }
        MetricsData data = data(
                Metric.newBuilder().setName("n".repeat(5000)).setGauge(many).build());

        assertThat(PushedMetrics.read(ByteBuffer.wrap(data.toByteArray()), CompressionType.NONE))
                .hasSize(PushedMetrics.MAX_SAMPLES)
                .allSatisfy(sample -> assertThat(sample.metric()).hasSize(255));
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "ZSTD", "LZ4", "SNAPPY"})
    void shouldCutOffABomb(CompressionType type) throws IOException {
        ByteBuffer bomb = compress(new byte[PushedMetrics.MAX_UNPACKED_BYTES + 1], type);

        assertThatThrownBy(() -> PushedMetrics.read(bomb, type))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("unpack to more than");
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldRefuseRubbish(CompressionType type) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            byte[] rubbish = new byte[1 + random.nextInt(200)];
            random.nextBytes(rubbish);
            try {
                assertThat(PushedMetrics.read(ByteBuffer.wrap(rubbish), type))
                        .as("seed %d", seed)
                        .hasSizeLessThanOrEqualTo(PushedMetrics.MAX_SAMPLES);
            } catch (IOException refused) {
                assertThat(refused).as("seed %d", seed).isNotNull();
            }
        }
    }

    private static MetricsData data(Metric... metrics) {
        ScopeMetrics.Builder scope = ScopeMetrics.newBuilder();
        for (Metric metric : metrics) {
            scope.addMetrics(metric);
        }
        return MetricsData.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder().addScopeMetrics(scope))
                .build();
    }

    private static NumberDataPoint point(double value, String... attributes) {
        NumberDataPoint.Builder point = NumberDataPoint.newBuilder().setAsDouble(value);
        for (int i = 0; i < attributes.length; i += 2) {
            point.addAttributes(KeyValue.newBuilder()
                    .setKey(attributes[i])
                    .setValue(AnyValue.newBuilder().setStringValue(attributes[i + 1])));
        }
        return point.build();
    }

    private static ByteBuffer compress(byte[] bytes, CompressionType type) throws IOException {
        ByteBufferOutputStream buffer = new ByteBufferOutputStream(1024);
        try (OutputStream out = Compression.of(type).build().wrapForOutput(buffer, RecordBatch.CURRENT_MAGIC_VALUE)) {
            out.write(bytes);
        }
        buffer.buffer().flip();
        return buffer.buffer();
    }
}
