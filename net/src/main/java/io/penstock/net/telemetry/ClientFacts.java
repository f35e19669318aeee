package io.penstock.net.telemetry;

import io.penstock.config.ClientAttribute;
import io.penstock.net.server.KafkaRequest;
import org.apache.kafka.common.Uuid;

/** Who a client instance is, as far as its connection tells. Immutable. */
record ClientFacts(
        Uuid instanceId,
        String clientId,
        String softwareName,
        String softwareVersion,
        String sourceAddress,
        int sourcePort) {

    static ClientFacts of(Uuid instanceId, KafkaRequest request) {
        return new ClientFacts(
                instanceId,
                request.clientId(),
                request.connection().clientSoftware().name(),
                request.connection().clientSoftware().version(),
                request.connection().remoteHost(),
                request.connection().remoteAddress().getPort());
    }

    /** What a subscription may choose clients by. */
    String attribute(ClientAttribute attribute) {
        return switch (attribute) {
            case CLIENT_INSTANCE_ID -> instanceId.toString();
            case CLIENT_ID -> clientId;
            case CLIENT_SOFTWARE_NAME -> softwareName;
            case CLIENT_SOFTWARE_VERSION -> softwareVersion;
            case CLIENT_SOURCE_ADDRESS -> sourceAddress;
            case CLIENT_SOURCE_PORT -> Integer.toString(sourcePort);
        };
    }
}
