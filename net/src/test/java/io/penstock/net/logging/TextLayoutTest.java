package io.penstock.net.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class TextLayoutTest {

    private final TextLayout layout = new TextLayout();

    @Test
    void shouldPutKeyValuesBehindTheMessage() {
        // given
        LoggingEvent event = event("io.penstock.core.Thing", "Log opened");
        event.addKeyValuePair(new KeyValuePair("topic", "orders"));
        event.addKeyValuePair(new KeyValuePair("partition", 3));

        // when
        String line = layout.doLayout(event);

        // then
        assertThat(line)
                .matches("1970-01-01T\\S+ INFO  Thing  Log opened  topic=orders partition=3\\R")
                .hasLineCount(1);
    }

    @Test
    void shouldQuoteValuesWithSpaces() {
        // given
        LoggingEvent event = event("a.B", "x");
        event.addKeyValuePair(new KeyValuePair("clientId", "my client"));

        // when
        String line = layout.doLayout(event);

        // then
        assertThat(line).contains("clientId=\"my client\"");
    }

    @Test
    void shouldNotLetAValueForgeALine() {
        // given
        LoggingEvent event = event("a.B", "refused");
        event.addKeyValuePair(new KeyValuePair("clientId", "x\n2026-01-01 INFO forged\u001b[31m"));

        // when
        String line = layout.doLayout(event);

        // then
        assertThat(line).hasLineCount(1).contains("x\\u000a2026").doesNotContain("\u001b");
    }

    @Test
    void shouldIndentEveryLineOfAStackTrace() {
        // given
        LoggingEvent event = event("a.B", "failed");
        event.setThrowableProxy(new ThrowableProxy(new IllegalStateException("first\n2026-01-01 INFO forged")));

        // when
        String line = layout.doLayout(event);

        // then
        assertThat(line.lines().skip(1)).isNotEmpty().allMatch(each -> each.startsWith("    "));
    }

    @Test
    void shouldShowTheBannerWithoutTimeAndLevel() {
        // given
        LoggingEvent event = event(LogSetup.PLAIN, "Penstock is ready\n  Kafka address  localhost:9092");

        // when
        String line = layout.doLayout(event);

        // then
        assertThat(line).isEqualToIgnoringNewLines("Penstock is ready\n  Kafka address  localhost:9092");
    }

    private static LoggingEvent event(String logger, String message) {
        LoggingEvent event = new LoggingEvent();
        event.setLoggerContext(new LoggerContext());
        event.setLoggerName(logger);
        event.setLevel(Level.INFO);
        event.setMessage(message);
        event.setInstant(Instant.ofEpochMilli(123));
        return event;
    }
}
