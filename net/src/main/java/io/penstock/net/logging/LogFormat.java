package io.penstock.net.logging;

/** How log lines look. */
public enum LogFormat {
    /** For people: one line per event, key-values at the end. */
    TEXT,
    /** For log collectors: one JSON object per line. */
    JSON
}
