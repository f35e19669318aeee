package io.penstock.net.launch;

import io.penstock.config.BrokerConfig;
import io.penstock.config.BrokerSettings;
import io.penstock.config.NetworkSettings;
import io.penstock.config.QuotaSettings;
import io.penstock.config.setting.Setting;
import io.penstock.core.quota.ClientMeters;
import io.penstock.core.quota.QuotaWindow;
import io.penstock.net.server.ConnectionLimits;
import io.penstock.net.server.ListenerEndpoint;
import io.penstock.net.server.ListenerLimits;
import io.penstock.net.server.MemoryLimits;
import io.penstock.net.server.PipelineLimits;
import io.penstock.net.server.SocketSettings;
import io.penstock.net.wire.FrameLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Translates the configuration into what listeners take. Stateless. */
final class FrontendSettings {

    /** In place of "never": long enough, and safe to add to a clock. */
    private static final long NEVER_MS = TimeUnit.DAYS.toMillis(3650);

    private FrontendSettings() {}

    static List<ListenerEndpoint> endpoints(BrokerConfig config) {
        return config.listeners().stream()
                .map(listener -> new ListenerEndpoint(
                        listener.name(), listener.isWildcard() ? "" : listener.host(), listener.port()))
                .toList();
    }

    static ListenerLimits limits(BrokerConfig config) {
        return new ListenerLimits(
                frames(config), connections(config), pipeline(config), memory(config), sockets(config));
    }

    static ClientMeters clientMeters(BrokerConfig config) {
        return new ClientMeters(
                quotaWindow(config),
                window(config, QuotaSettings.CONTROLLER_WINDOW_NUM, QuotaSettings.CONTROLLER_WINDOW_SIZE_SECONDS));
    }

    static QuotaWindow quotaWindow(BrokerConfig config) {
        return window(config, QuotaSettings.WINDOW_NUM, QuotaSettings.WINDOW_SIZE_SECONDS);
    }

    private static QuotaWindow window(BrokerConfig config, Setting<Integer> samples, Setting<Integer> sampleSeconds) {
        return new QuotaWindow(config.get(samples), TimeUnit.SECONDS.toMillis(config.get(sampleSeconds)));
    }

    private static FrameLimits frames(BrokerConfig config) {
        int maxBytes = config.get(NetworkSettings.REQUEST_MAX_BYTES);
        FrameLimits defaults = ListenerLimits.DEFAULTS.frames();
        // Listeners without authentication: a client need not introduce itself, its first request may be as large as
        // any other.
        return new FrameLimits(maxBytes, Math.min(maxBytes, defaults.maxControlFrameBytes()), maxBytes);
    }

    private static ConnectionLimits connections(BrokerConfig config) {
        long idleMs = config.get(NetworkSettings.CONNECTIONS_MAX_IDLE_MS);
        return new ConnectionLimits(
                atLeastOne(config, NetworkSettings.MAX_CONNECTIONS),
                atLeastOne(config, NetworkSettings.MAX_CONNECTIONS_PER_IP),
                idleMs < 0 ? NEVER_MS : Math.max(1, Math.min(idleMs, NEVER_MS)),
                Math.min(config.get(NetworkSettings.PARTIAL_FRAME_TIMEOUT_MS), NEVER_MS),
                ConnectionLimits.DEFAULTS.minFrameBytesPerSecond(),
                Math.max(1, Math.min(config.get(BrokerSettings.DRAIN_TIMEOUT_MS), NEVER_MS)));
    }

    private static int atLeastOne(BrokerConfig config, Setting<Integer> setting) {
        return Math.max(1, config.get(setting));
    }

    private static PipelineLimits pipeline(BrokerConfig config) {
        return new PipelineLimits(
                config.get(NetworkSettings.CONNECTION_MAX_IN_FLIGHT_REQUESTS),
                config.get(NetworkSettings.CONNECTION_MAX_IN_FLIGHT_BYTES),
                PipelineLimits.DEFAULTS.maxResponseBytes());
    }

    private static MemoryLimits memory(BrokerConfig config) {
        return new MemoryLimits(MemoryLimits.DEFAULTS.maxUnfinishedBytes(), config.requestMemoryBytes());
    }

    private static SocketSettings sockets(BrokerConfig config) {
        return new SocketSettings(
                config.get(NetworkSettings.LISTEN_BACKLOG),
                config.get(NetworkSettings.SEND_BUFFER_BYTES),
                config.get(NetworkSettings.RECEIVE_BUFFER_BYTES));
    }

    /** Directories of data, none for a broker that keeps it in memory. */
    static List<Path> directories(BrokerConfig config) {
        return isInMemory(config)
                ? List.of()
                : config.logDirs().stream()
                        .map(Path::toAbsolutePath)
                        .map(Path::normalize)
                        .toList();
    }

    static boolean isInMemory(BrokerConfig config) {
        return config.get(BrokerSettings.STORE).equals("memory");
    }
}
