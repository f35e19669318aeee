package io.penstock.net.server;

import org.apache.kafka.common.protocol.ApiKeys;

/**
 * When to ask on which event loop a connection is cheapest: with its first request for records, in either direction, and again from
 * time to time, since clients change their minds. Owned by one connection.
 */
final class Placement {
    private static final int PERIOD = 1024;

    private int untilDue;

    /** Counts a request; whether it is time to ask. */
    boolean isDue(ApiKeys api) {
        if (api != ApiKeys.PRODUCE && api != ApiKeys.FETCH) {
            return false;
        }
        if (untilDue > 0) {
            untilDue--;
            return false;
        }
        untilDue = PERIOD - 1;
        return true;
    }
}
