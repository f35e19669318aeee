package io.penstock.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.bench.fixture.LocalBroker;
import java.nio.file.Path;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class LoadTopicIT {
    private LocalBroker broker;

    @BeforeEach
    void start(@TempDir Path directory) {
        broker = LocalBroker.start(directory.resolve("data"));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void shouldMakeATopicOnce() throws Exception {
        LoadTopic.ensureTopic(broker.address(), "t");
        LoadTopic.ensureTopic(broker.address(), "t");

        assertThat(LoadTopic.endOffset(broker.address(), "t")).isZero();
    }

    @Test
    void shouldTellWhichTopicItCannotMake() {
        assertThatThrownBy(() -> LoadTopic.ensureTopic(broker.address(), "no such/name"))
                .hasMessageContaining("no such/name")
                .hasRootCauseInstanceOf(InvalidTopicException.class);
    }
}
