package io.penstock.core.group;

/**
 * Who sends a heartbeat to a streams group. Immutable.
 *
 * @param clientId the client's name for itself, may be empty
 * @param clientHost the client's address as Kafka writes it, with a slash in front
 */
public record StreamsCaller(String clientId, String clientHost) {}
