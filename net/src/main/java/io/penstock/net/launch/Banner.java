package io.penstock.net.launch;

import io.penstock.config.BrokerConfig;
import io.penstock.config.LogSettings;
import io.penstock.net.launch.ServerAddresses.Endpoint;
import io.penstock.net.logging.LogFormat;
import io.penstock.net.logging.LogSetup;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What somebody who has just started a broker wants to know: where it is, where the data is, what that data survives, and what to try
 * next. A few lines for people, or one event with the same facts where the log is JSON.
 */
final class Banner {

    private static final Logger PLAIN = LoggerFactory.getLogger(LogSetup.PLAIN);

    private final BrokerConfig config;
    private final ServerAddresses addresses;
    private final double elapsedS;

    Banner(BrokerConfig config, ServerAddresses addresses, double elapsedS) {
        this.config = config;
        this.addresses = addresses;
        this.elapsedS = elapsedS;
    }

    void show(LogFormat format) {
        if (format == LogFormat.JSON) {
            showEvent();
        } else {
            PLAIN.info(text());
        }
        warnOfOpenDoors();
    }

    /** The lines for people. */
    String text() {
        StringBuilder text = new StringBuilder(headline());
        facts().forEach((name, value) -> text.append(String.format(Locale.ROOT, "%n  %-15s %s", name, value)));
        return text.toString();
    }

    private String headline() {
        return String.format(Locale.ROOT, "Penstock %s is ready (%.1f s)", BuildInfo.version(), elapsedS);
    }

    private void showEvent() {
        LoggingEventBuilder event = PLAIN.atInfo().addKeyValue("version", BuildInfo.version());
        for (Endpoint endpoint : addresses.kafka()) {
            event = event.addKeyValue("listener." + endpoint.name(), endpoint.bound());
        }
        if (addresses.http().isPresent()) {
            event = event.addKeyValue("http", addresses.http().get().bound());
        }
        event.addKeyValue("dataDirectory", directory())
                .addKeyValue("durability", durability())
                .addKeyValue("pid", ProcessHandle.current().pid())
                .log(headline());
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Kafka clients", addresses.kafka().stream().map(this::reach).collect(Collectors.joining(", ")));
        facts.put("Data directory", directory());
        facts.put("Durability", durability());
        facts.put("Health, metrics", addresses.http().map(Banner::pages).orElse("off (http.port=-1)"));
        facts.put("Try", next(addresses.kafka().get(0).local()));
        return facts;
    }

    private String reach(Endpoint endpoint) {
        boolean isOnly = addresses.kafka().size() == 1;
        String address = endpoint.host().isEmpty() ? endpoint.bound() : endpoint.local();
        return isOnly ? address : endpoint.name() + "://" + address;
    }

    private static String pages(Endpoint http) {
        return "http://" + http.local() + "/readyz  http://" + http.local() + "/metrics";
    }

    private static String next(String address) {
        return "echo hello | kcat -P -b " + address + " -t greetings  then  kcat -C -b " + address + " -t greetings -e";
    }

    private String directory() {
        List<Path> directories = FrontendSettings.directories(config);
        return directories.isEmpty()
                ? "none (penstock.store=memory)"
                : directories.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    /** What an acknowledgement is worth, in words; topics may ask for more. */
    private String durability() {
        if (FrontendSettings.isInMemory(config)) {
            return "memory: everything is forgotten when the broker stops";
        }
        if (config.get(LogSettings.FLUSH_INTERVAL_MESSAGES) == 1) {
            return "disk: acknowledged records survive a power cut";
        }
        long flushMs = config.get(LogSettings.FLUSH_INTERVAL_MS);
        String synced = flushMs == Long.MAX_VALUE ? "" : ", synced within " + flushMs + " ms";
        return "page cache" + synced
                + ": acknowledged records survive kill -9, not a power cut (flush.messages=1 on a topic changes that)";
    }

    private void warnOfOpenDoors() {
        for (Endpoint endpoint : addresses.kafka()) {
            if (!isLoopback(endpoint.host())) {
                LoggerFactory.getLogger(Banner.class)
                        .atWarn()
                        .addKeyValue("listener", endpoint.name())
                        .addKeyValue("address", endpoint.bound())
                        .log("Anybody who reaches this address can read, write and delete everything: it is PLAINTEXT");
            }
        }
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
    }
}
