package io.penstock.config.setting;

/** How likely a setting is to matter to an operator, as Kafka ranks it. */
public enum Importance {
    HIGH,
    MEDIUM,
    LOW
}
