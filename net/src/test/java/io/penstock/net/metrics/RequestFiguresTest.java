package io.penstock.net.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class RequestFiguresTest {

    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final BrokerMetrics metrics = new BrokerMetrics();
    private final RequestFigures figures = new RequestFigures(metrics);

    @Test
    void shouldAddUpWhatSeveralThreadsCounted() throws Exception {
        // given
        metrics.onRequest(ApiKeys.PRODUCE, (short) 13, 100);
        Thread other = new Thread(() -> {
            metrics.onRequest(ApiKeys.PRODUCE, (short) 13, 50);
            metrics.onRequest(ApiKeys.PRODUCE, (short) 9, 50);
        });
        other.start();
        other.join();

        // when
        String page = page();

        // then
        assertThat(page.lines())
                .contains(
                        "kafka_network_requestmetrics_requests_total{request=\"Produce\",version=\"13\"} 2.0",
                        "kafka_network_requestmetrics_requests_total{request=\"Produce\",version=\"9\"} 1.0",
                        "penstock_request_bytes_total{request=\"Produce\"} 200.0");
    }

    @Test
    void shouldTellQuantilesInMillisecondsUnderTheNameOfKafkasDashboards() {
        // given
        for (int i = 0; i < 98; i++) {
            metrics.onAnswer(ApiKeys.FETCH, (short) 18, 10, MS);
        }
        metrics.onAnswer(ApiKeys.FETCH, (short) 18, 10, 500 * MS);
        metrics.onAnswer(ApiKeys.FETCH, (short) 18, 10, 500 * MS);

        // when
        String page = page();

        // then
        assertThat(valueOf(
                        page, "kafka_network_requestmetrics_totaltimems{request=\"FetchConsumer\",quantile=\"0.5\"}"))
                .isBetween(0.9, 1.2);
        assertThat(valueOf(page, "kafka_network_requestmetrics_totaltimems{request=\"Fetch\",quantile=\"0.99\"}"))
                .isBetween(450.0, 570.0);
        assertThat(page.lines()).contains("kafka_network_requestmetrics_totaltimems_count{request=\"Fetch\"} 100");
    }

    @Test
    void shouldOfferBucketsThatCanBeAddedUp() {
        // given
        metrics.onAnswer(ApiKeys.PRODUCE, (short) 13, 10, 200_000);

        // when
        String page = page();

        // then
        assertThat(page.lines())
                .contains(
                        "penstock_request_duration_seconds_bucket{request=\"Produce\",le=\"1.0E-4\"} 0",
                        "penstock_request_duration_seconds_bucket{request=\"Produce\",le=\"2.5E-4\"} 1",
                        "penstock_request_duration_seconds_bucket{request=\"Produce\",le=\"+Inf\"} 1");
    }

    @Test
    void shouldCountConnectionsByListener() {
        // given
        metrics.onConnectionOpened("PLAINTEXT");
        metrics.onConnectionOpened("PLAINTEXT");
        metrics.onConnectionClosed("PLAINTEXT");
        metrics.onConnectionRefused("INTERNAL");

        // when
        String page = page();

        // then
        assertThat(page.lines())
                .contains(
                        "kafka_server_socket_server_metrics_connection_count{listener=\"PLAINTEXT\"} 1.0",
                        "penstock_connections_refused_total{listener=\"INTERNAL\"} 1.0");
    }

    private String page() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.getPrometheusRegistry().register(() -> {
            MetricFamilies families = new MetricFamilies();
            figures.collect(families, 0);
            return families.build();
        });
        return registry.scrape();
    }

    private static double valueOf(String page, String series) {
        return page.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow();
    }
}
