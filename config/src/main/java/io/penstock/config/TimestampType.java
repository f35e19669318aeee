package io.penstock.config;

/** What {@code message.timestamp.type} may say. */
public enum TimestampType {
    /** Records keep the time their producer gave them. */
    CREATE_TIME("CreateTime"),
    /** Records get the broker's time when they are appended. */
    LOG_APPEND_TIME("LogAppendTime");

    private final String text;

    TimestampType(String text) {
        this.text = text;
    }

    /** As written in a configuration. */
    public String text() {
        return text;
    }

    static TimestampType of(String text) {
        return text.equals(LOG_APPEND_TIME.text) ? LOG_APPEND_TIME : CREATE_TIME;
    }
}
