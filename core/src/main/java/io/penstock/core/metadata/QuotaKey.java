package io.penstock.core.metadata;

import org.jspecify.annotations.Nullable;

/** What a client quota limits, with Kafka's name for it and the values that it can take. */
public enum QuotaKey {
    /** Bytes per second that a client may produce. */
    PRODUCER_BYTE_RATE("producer_byte_rate", false, Long.MAX_VALUE, "a LONG"),
    /** Bytes per second that a client may fetch. */
    CONSUMER_BYTE_RATE("consumer_byte_rate", false, Long.MAX_VALUE, "a LONG"),
    /** Time of event loops that a client's requests may take; 100 is one event loop. */
    REQUEST_PERCENTAGE("request_percentage", false, Double.POSITIVE_INFINITY, ""),
    /** Partitions per second that a client may create and delete. */
    CONTROLLER_MUTATION_RATE("controller_mutation_rate", false, Double.POSITIVE_INFINITY, ""),
    /** Connections per second that an address may open. */
    CONNECTION_CREATION_RATE("connection_creation_rate", true, Integer.MAX_VALUE, "an INT");

    private static final double MAX_FRACTION = 1e-6;

    private final String text;
    private final boolean isForIp;
    private final double maxValue;
    private final String type;

    QuotaKey(String text, boolean isForIp, double maxValue, String type) {
        this.text = text;
        this.isForIp = isForIp;
        this.maxValue = maxValue;
        this.type = type;
    }

    /** Kafka's name. */
    public String text() {
        return text;
    }

    /** The key of that name which an entity of this kind can have; null if there is none. */
    static @Nullable QuotaKey find(String text, boolean isIp) {
        for (QuotaKey key : values()) {
            if (key.isForIp == isIp && key.text.equals(text)) {
                return key;
            }
        }
        return null;
    }

    /** What is wrong with this value, in Kafka's words; null if nothing is. */
    @Nullable
    String refusal(double value) {
        if (!(value > 0)) {
            return "Quota " + text + " must be greater than 0";
        }
        if (value > maxValue) {
            return "Proposed value for " + text + " is too large for " + type + ".";
        }
        boolean isIntegral = !type.isEmpty();
        return isIntegral && Math.abs(value % 1.0) > MAX_FRACTION ? text + " cannot be a fractional value." : null;
    }
}
