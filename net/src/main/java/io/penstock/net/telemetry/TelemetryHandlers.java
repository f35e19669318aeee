package io.penstock.net.telemetry;

import io.penstock.net.server.ApiHandler;
import java.util.List;

/** Makes the handlers of this package. Stateless. */
public final class TelemetryHandlers {
    private TelemetryHandlers() {}

    /** One handler for each API. */
    public static List<ApiHandler> of(ClientTelemetry telemetry) {
        return List.of(new GetTelemetrySubscriptionsHandler(telemetry), new PushTelemetryHandler(telemetry));
    }
}
