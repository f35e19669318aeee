package io.penstock.net.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.metadata.ClientQuotas;
import io.penstock.core.metadata.ImageReplay;
import io.penstock.core.metadata.MetadataController;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.MetadataRecord;
import io.penstock.core.metadata.QuotaKey;
import io.penstock.core.quota.ClientLimits;
import io.penstock.core.quota.ClientMeters;
import io.penstock.core.quota.MutationThrottle;
import io.penstock.core.quota.QuotaWindow;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntityData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntryData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.OpData;
import org.junit.jupiter.api.Test;

class QuotaFiguresTest {
    private static final long NOW_MS = 1_000_000;

    private final ClientMeters meters = new ClientMeters(QuotaWindow.DEFAULT, QuotaWindow.DEFAULT);

    @Test
    void shouldShowUseAndThrottleTimesUnderKafkasNames() throws IOException {
        // given
        ClientLimits limits = meters.limits(quotas(), "alice", "app", NOW_MS);
        limits.recordProduce(5_000, NOW_MS);
        limits.recordFetch(7_000, NOW_MS);
        limits.recordRequest(TimeUnit.MILLISECONDS.toNanos(50), NOW_MS);
        new MutationThrottle(limits, true, () -> NOW_MS).tryTake(20);
        limits.onThrottled(QuotaKey.PRODUCER_BYTE_RATE, 300, NOW_MS);

        // then
        assertThat(page())
                .contains(
                        "kafka_server_produce_byte_rate{client_id=\"\",user=\"alice\"} 500.0",
                        "kafka_server_produce_throttle_time{client_id=\"\",user=\"alice\"} 300.0",
                        "kafka_server_fetch_byte_rate{client_id=\"\",user=\"alice\"} 700.0",
                        "kafka_server_fetch_throttle_time{client_id=\"\",user=\"alice\"} 0.0",
                        "kafka_server_request_request_time{client_id=\"\",user=\"alice\"} 0.5",
                        "kafka_server_controllermutation_mutation_rate{client_id=\"\",user=\"alice\"} 2.0",
                        "kafka_server_controllermutation_tokens{client_id=\"\",user=\"alice\"} 90.0");
    }

    @Test
    void shouldShowNothingWithoutQuotas() throws IOException {
        assertThat(page()).filteredOn(line -> line.startsWith("kafka_server")).isEmpty();
    }

    private List<String> page() throws IOException {
        MetricFamilies families = new MetricFamilies();
        new QuotaFigures(meters).collect(families, TimeUnit.MILLISECONDS.toNanos(NOW_MS));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(text, families.build());
        return text.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static ClientQuotas quotas() {
        EntryData entry = new EntryData()
                .setEntity(List.of(new EntityData().setEntityType("user").setEntityName("alice")));
        for (QuotaKey key : QuotaKey.values()) {
            if (key != QuotaKey.CONNECTION_CREATION_RATE) {
                entry.ops().add(new OpData().setKey(key.text()).setValue(10));
            }
        }
        ImageReplay replay = new ImageReplay(MetadataImage.EMPTY);
        long offset = 0;
        for (MetadataRecord record : new MetadataController(Uuid::randomUuid)
                .alterClientQuotas(
                        MetadataImage.EMPTY,
                        new AlterClientQuotasRequestData().setEntries(List.of(entry)),
                        host -> true)
                .records()) {
            replay.replay(offset++, record);
        }
        return replay.image().clientQuotas();
    }
}
