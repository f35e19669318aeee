package io.penstock.net.telemetry;

/**
 * One value of a client's metric. Immutable.
 *
 * @param metric as the client named it, such as {@code org.apache.kafka.producer.connection.count}
 * @param attributes {@code key=value,key=value} in order of keys; may be empty
 */
public record Sample(String metric, String attributes, double value) {}
