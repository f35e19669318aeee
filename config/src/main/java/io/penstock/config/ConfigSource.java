package io.penstock.config;

/** The level that gave a setting its value, strongest first. The names are those of Kafka's DescribeConfigs. */
public enum ConfigSource {
    TOPIC_CONFIG,
    GROUP_CONFIG,
    CLIENT_METRICS_CONFIG,
    DYNAMIC_BROKER_CONFIG,
    DYNAMIC_DEFAULT_BROKER_CONFIG,
    STATIC_BROKER_CONFIG,
    DEFAULT_CONFIG
}
