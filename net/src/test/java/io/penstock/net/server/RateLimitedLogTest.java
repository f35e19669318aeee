package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.LogCapture;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class RateLimitedLogTest {
    @Test
    void shouldWriteFewOfManyWarnings() {
        // given
        RateLimitedLog log = new RateLimitedLog(LoggerFactory.getLogger(RateLimitedLogTest.class));
        try (LogCapture written = LogCapture.of(RateLimitedLogTest.class)) {
            // when
            for (int i = 0; i < 1_000; i++) {
                log.atWarn().addKeyValue("i", i).log("again");
            }

            // then
            assertThat(written.lines()).hasSize(10).allMatch(line -> line.startsWith("again"));
        }
    }
}
