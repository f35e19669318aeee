package io.penstock.core.group;

/**
 * Who sends a heartbeat to a consumer group. Immutable.
 *
 * @param clientId the client's name for itself, may be empty
 * @param clientHost the client's address as Kafka writes it, with a slash in front
 * @param makesMemberId whether the client has to make its own member id (ConsumerGroupHeartbeat since version 1)
 */
public record ConsumerCaller(String clientId, String clientHost, boolean makesMemberId) {}
