package io.penstock.net.handler;

import org.jspecify.annotations.Nullable;

/** A broker as one client is told to reach it. */
public record BrokerAddress(
        int nodeId, String host, int port, @Nullable String rack, boolean fenced) {}
