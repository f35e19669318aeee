package io.penstock.config;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a user should hear about settings that are accepted and yet do nothing: at most two log lines, whatever was
 * given.
 */
public final class StartupNotice {

    private static final Logger LOGGER = LoggerFactory.getLogger(StartupNotice.class);

    /** Bounds the length of a line; nobody reads further. */
    private static final int MAX_NAMED = 40;

    private StartupNotice() {}

    /** Logs what is to be said about {@code config}. To be called once, by whoever starts the broker. */
    public static void log(BrokerConfig config) {
        withoutEffect(config).ifPresent(LOGGER::info);
        unknown(config).ifPresent(LOGGER::warn);
    }

    static Optional<String> withoutEffect(BrokerConfig config) {
        SortedSet<String> keys = config.keysWithoutEffect();
        return keys.isEmpty()
                ? Optional.empty()
                : Optional.of("Settings of Kafka that have no effect here: " + enumerate(List.copyOf(keys)));
    }

    static Optional<String> unknown(BrokerConfig config) {
        List<UnknownKey> keys = config.unknownKeys();
        return keys.isEmpty()
                ? Optional.empty()
                : Optional.of("Unknown settings, ignored: "
                        + enumerate(keys.stream().map(UnknownKey::describe).toList()));
    }

    private static String enumerate(List<String> names) {
        String named = names.stream().limit(MAX_NAMED).collect(Collectors.joining(", "));
        return names.size() <= MAX_NAMED ? named : named + " and " + (names.size() - MAX_NAMED) + " more";
    }
}
