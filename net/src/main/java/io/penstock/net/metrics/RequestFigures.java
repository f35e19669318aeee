package io.penstock.net.metrics;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;

/** Adds up what all threads recorded about requests and connections. Owned by one collector; keeps the recent past between calls. */
final class RequestFigures {

    private final BrokerMetrics metrics;
    private final Map<ApiKeys, LatencyFigures> elapsed = new EnumMap<>(ApiKeys.class);

    RequestFigures(BrokerMetrics metrics) {
        this.metrics = metrics;
    }

    void collect(MetricFamilies families, long nowNs) {
        for (ApiKeys api : ApiKeys.values()) {
            List<ApiRecorder> recorders = recordersOf(api);
            if (!recorders.isEmpty()) {
                collectRequests(families, api, recorders, nowNs);
            }
        }
        collectConnections(families);
    }

    private List<ApiRecorder> recordersOf(ApiKeys api) {
        List<ApiRecorder> found = new ArrayList<>();
        for (LoopRecorder recorder : metrics.recorders()) {
            ApiRecorder ofApi = recorder.findApi(api);
            if (ofApi != null) {
                found.add(ofApi);
            }
        }
        return found;
    }

    private void collectRequests(MetricFamilies families, ApiKeys api, List<ApiRecorder> recorders, long nowNs) {
        LatencyFigures latency = elapsed.computeIfAbsent(api, key -> new LatencyFigures(nowNs));
        latency.collect(recorders.stream().map(ApiRecorder::elapsed), nowNs);
        for (String request : namesOf(api)) {
            collectVersions(families, request, recorders);
            families.summaryMs(
                    "kafka_network_requestmetrics_totaltimems",
                    "Milliseconds from the last byte of a request to its answer in the socket; quantiles of the last minute.",
                    latency.total(),
                    latency.lately(),
                    "request",
                    request);
        }
        families.histogramSeconds(
                "penstock_request_duration_seconds",
                "Seconds from the last byte of a request to its answer in the socket.",
                latency.total(),
                "request",
                api.name);
        collectSums(families, api, recorders);
    }

    private static void collectVersions(MetricFamilies families, String request, List<ApiRecorder> recorders) {
        for (int version = 0; version < recorders.get(0).versionCount(); version++) {
            long requests = 0;
            for (ApiRecorder recorder : recorders) {
                requests += recorder.requests(version);
            }
            if (requests > 0) {
                families.counter(
                        "kafka_network_requestmetrics_requests",
                        "Requests received.",
                        requests,
                        "request",
                        request,
                        "version",
                        Integer.toString(version));
            }
        }
    }

    private static void collectSums(MetricFamilies families, ApiKeys api, List<ApiRecorder> recorders) {
        long bytesIn = 0;
        long bytesOut = 0;
        long failures = 0;
        for (ApiRecorder recorder : recorders) {
            bytesIn += recorder.requestBytes();
            bytesOut += recorder.responseBytes();
            failures += recorder.failures();
        }
        families.counter("penstock_request_bytes", "Bytes of requests received.", bytesIn, "request", api.name);
        families.counter("penstock_response_bytes", "Bytes of answers sent.", bytesOut, "request", api.name);
        families.counter(
                "penstock_request_handler_failures",
                "Requests whose handler failed unforeseen; see the log.",
                failures,
                "request",
                api.name);
    }

    /** Kafka tells consumers' fetches from followers', and dashboards ask for the former. */
    private static List<String> namesOf(ApiKeys api) {
        return api == ApiKeys.FETCH ? List.of(api.name, "FetchConsumer") : List.of(api.name);
    }

    private void collectConnections(MetricFamilies families) {
        Map<String, List<ListenerRecorder>> byListener = new HashMap<>();
        for (LoopRecorder recorder : metrics.recorders()) {
            recorder.listeners()
                    .forEach((name, figures) -> byListener
                            .computeIfAbsent(name, key -> new ArrayList<>())
                            .add(figures));
        }
        byListener.forEach((name, recorders) -> collectListener(families, name, recorders));
    }

    private static void collectListener(MetricFamilies families, String name, List<ListenerRecorder> recorders) {
        long closed = recorders.stream().mapToLong(each -> each.closed.value()).sum();
        long opened = recorders.stream().mapToLong(each -> each.opened.value()).sum();
        long refused =
                recorders.stream().mapToLong(each -> each.refused.value()).sum();
        long faults = recorders.stream().mapToLong(each -> each.faults.value()).sum();
        String[] labels = {"listener", name};
        families.gauge(
                "kafka_server_socket_server_metrics_connection_count",
                "Connections that are open.",
                Math.max(0, opened - closed),
                labels);
        families.counter(
                "kafka_server_socket_server_metrics_connection_creation", "Connections accepted.", opened, labels);
        families.counter(
                "kafka_server_socket_server_metrics_connection_close", "Connections that have ended.", closed, labels);
        families.counter(
                "penstock_connections_refused", "Connections closed at once because of a limit.", refused, labels);
        families.counter(
                "penstock_connection_faults",
                "Connections closed for what the client sent or did not.",
                faults,
                labels);
    }
}
