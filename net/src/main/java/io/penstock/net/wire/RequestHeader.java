package io.penstock.net.wire;

import org.apache.kafka.common.protocol.ApiKeys;

/**
 * The header in front of every request. Immutable.
 *
 * @param version as the client wrote it; outside the supported range only for ApiVersions
 * @param clientId the client's own name for itself; empty when it sent none. Chosen by the client, so never to be trusted: log it
 *     only through {@link LogText}
 */
public record RequestHeader(ApiKeys api, short version, int correlationId, String clientId) {}
