package io.penstock.core.group;

import org.apache.kafka.common.protocol.Errors;

/**
 * Why a request is refused.
 *
 * @param message what the client's log will show
 */
public record Refusal(Errors error, String message) {}
