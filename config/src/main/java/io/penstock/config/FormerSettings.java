package io.penstock.config;

import java.util.Set;

/** Keys that older releases of Kafka had. They do nothing, but whoever wrote them was not mistyping. */
final class FormerSettings {

    private static final Set<String> KEYS = Set.of(
            "advertised.host.name",
            "advertised.port",
            "auto.include.jmx.reporter",
            "broker.id.generation.enable",
            "control.plane.listener.name",
            "controlled.shutdown.max.retries",
            "controlled.shutdown.retry.backoff.ms",
            "delegation.token.master.key",
            "group.coordinator.new.enable",
            "host.name",
            "inter.broker.protocol.version",
            "log.message.downconversion.enable",
            "log.message.format.version",
            "log.message.timestamp.difference.max.ms",
            "offsets.commit.required.acks",
            "password.encoder.cipher.algorithm",
            "password.encoder.iterations",
            "password.encoder.key.length",
            "password.encoder.keyfactory.algorithm",
            "password.encoder.old.secret",
            "password.encoder.secret",
            "port",
            "quota.consumer.default",
            "quota.producer.default",
            "reserved.broker.max.id");

    private FormerSettings() {}

    static boolean contains(String key) {
        return KEYS.contains(key) || key.startsWith("zookeeper.");
    }
}
