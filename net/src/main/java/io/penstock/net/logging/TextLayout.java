package io.penstock.net.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * {@code 2026-11-22T10:15:30.123+01:00 INFO  PartitionVerticle  Log opened  topic=a partition=3}: a line per event, then the
 * stack trace if there is one. Control characters in values are escaped, so that no client can forge a line.
 */
final class TextLayout extends LayoutBase<ILoggingEvent> {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSxxx", Locale.ROOT)
            .withZone(ZoneId.systemDefault());

    private static final int TRACE_INDENT = 4;

    @Override
    public String doLayout(ILoggingEvent event) {
        if (event.getLoggerName().equals(LogSetup.PLAIN)) {
            return event.getFormattedMessage() + System.lineSeparator();
        }
        StringBuilder line = new StringBuilder(160);
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        line.append(' ').append(event.getLevel());
        pad(line, 5 - event.getLevel().toString().length());
        line.append(' ').append(simpleName(event.getLoggerName())).append("  ");
        appendEscaped(line, event.getFormattedMessage());
        appendKeyValues(line, event);
        line.append(System.lineSeparator());
        appendThrowable(line, event.getThrowableProxy());
        return line.toString();
    }

    private static void pad(StringBuilder line, int count) {
        for (int i = 0; i < count; i++) {
            line.append(' ');
        }
    }

    private static String simpleName(String loggerName) {
        return loggerName.substring(loggerName.lastIndexOf('.') + 1);
    }

    private static void appendKeyValues(StringBuilder line, ILoggingEvent event) {
        if (event.getKeyValuePairs() == null) {
            return;
        }
        line.append(' ');
        for (KeyValuePair pair : event.getKeyValuePairs()) {
            line.append(' ').append(pair.key).append('=');
            appendValue(line, String.valueOf(pair.value));
        }
    }

    private static void appendValue(StringBuilder line, String value) {
        boolean quoted = value.isEmpty() || value.indexOf(' ') >= 0 || value.indexOf('"') >= 0;
        if (quoted) {
            line.append('"');
        }
        appendEscaped(line, value);
        if (quoted) {
            line.append('"');
        }
    }

    private static void appendEscaped(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)) {
                line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
    }

    /** Every line is indented, also those that a line break in the exception's message makes. */
    private static void appendThrowable(StringBuilder line, @Nullable IThrowableProxy thrown) {
        if (thrown != null) {
            line.append(ThrowableProxyUtil.asString(thrown).indent(TRACE_INDENT));
        }
    }
}
