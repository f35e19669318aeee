package io.penstock.core.group;

/**
 * Who wants to join, and what that client's version of the request can do. Immutable.
 *
 * @param clientId the client's name for itself, may be empty
 * @param clientHost the client's address as Kafka writes it, with a slash in front
 * @param knownIdRequired whether a dynamic member is given an id first and has to come again with it (KIP-394)
 * @param canSkipAssignment whether a leader can be told to keep the assignment (KIP-814)
 */
public record JoinCaller(String clientId, String clientHost, boolean knownIdRequired, boolean canSkipAssignment) {}
