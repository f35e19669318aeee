package io.penstock.net.launch;

import io.penstock.config.BrokerConfig;
import io.penstock.config.UnknownKey;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells once, in at most two lines, which of the given settings do nothing. Stateless. */
final class IgnoredKeys {

    private static final Logger LOGGER = LoggerFactory.getLogger(IgnoredKeys.class);

    private IgnoredKeys() {}

    static void tell(BrokerConfig config) {
        List<UnknownKey> unknown = config.unknownKeys();
        if (!unknown.isEmpty()) {
            String keys = unknown.stream().map(UnknownKey::describe).collect(Collectors.joining(", "));
            LOGGER.warn("Unknown settings are ignored: {}", keys);
        }
        if (!config.keysWithoutEffect().isEmpty()) {
            LOGGER.info("Settings without effect here: {}", String.join(", ", config.keysWithoutEffect()));
        }
    }
}
