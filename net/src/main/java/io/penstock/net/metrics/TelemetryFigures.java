package io.penstock.net.metrics;

import io.penstock.net.telemetry.ClientPush;
import io.penstock.net.telemetry.ClientTelemetry;
import io.penstock.net.telemetry.Sample;
import org.apache.kafka.common.protocol.Errors;

/** What clients pushed about themselves (KIP-714). One collection at a time. */
final class TelemetryFigures {
    private static final String PUSHES = "penstock_client_telemetry_pushes";

    private final ClientTelemetry telemetry;

    TelemetryFigures(ClientTelemetry telemetry) {
        this.telemetry = telemetry;
    }

    void collect(MetricFamilies families) {
        families.counter(
                PUSHES,
                "Pushes of client metrics that were accepted.",
                telemetry.counts().pushes());
        families.counter(
                "penstock_client_telemetry_bytes",
                "Bytes of client metrics that were accepted, as they came.",
                telemetry.counts().bytes());
        for (Errors error : Errors.values()) {
            long refusals = telemetry.counts().refusals(error);
            if (refusals > 0) {
                families.counter(
                        "penstock_client_telemetry_refusals",
                        "Requests about client metrics that were refused.",
                        refusals,
                        "error",
                        error.name());
            }
        }
        for (ClientPush push : telemetry.newest()) {
            collect(families, push);
        }
    }

    /** All in one family, whatever clients call their metrics: names of theirs cannot collide with names of ours. */
    private void collect(MetricFamilies families, ClientPush push) {
        families.gauge(
                "penstock_client_telemetry_age_seconds",
                "Seconds since the last push of a client.",
                telemetry.ageMs(push) / 1e3,
                "client_id",
                push.clientId(),
                "client_instance_id",
                push.instanceId(),
                "client_software_name",
                push.softwareName(),
                "client_software_version",
                push.softwareVersion());
        for (Sample sample : push.samples()) {
            families.gauge(
                    "penstock_client_metric",
                    "Newest value of a client's own metric, by the name that the client gave it.",
                    sample.value(),
                    "client_id",
                    push.clientId(),
                    "client_instance_id",
                    push.instanceId(),
                    "metric",
                    sample.metric(),
                    "attributes",
                    sample.attributes());
        }
    }
}
