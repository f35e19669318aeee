package io.penstock.bench.pause;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PausePlanTest {
    private static final Path DATA = Path.of("data");

    private static PausePlan plan(String store, int compactedKeys) {
        return new PausePlan(store, DATA, 1_000, 2, 10_000, compactedKeys, 0, 0, 1);
    }

    @Test
    void shouldKeepRecordsOnDiskOrInMemory() {
        assertThat(plan("chronicle", 0).options().settings())
                .containsEntry("penstock.store", "chronicle")
                .containsEntry("log.dirs", "data");
        assertThat(plan("memory", 0).options().settings())
                .containsEntry("penstock.store", "memory")
                .doesNotContainKey("log.dirs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chronicle", "memory"})
    void shouldKeepTheDataBounded(String store) {
        var settings = plan(store, 0).options().settings();

        long segmentBytes = Long.parseLong(settings.get("log.segment.bytes"));
        assertThat(Long.parseLong(settings.get("log.retention.bytes"))).isEqualTo(2 * segmentBytes);
        assertThat(settings)
                .containsKey("log.retention.check.interval.ms")
                .containsEntry("log.segment.delete.delay.ms", "0")
                .doesNotContainKey("log.cleanup.policy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chronicle", "memory"})
    void shouldCompactAllTheTimeIfAsked(String store) {
        assertThat(plan(store, 10).isCompacted()).isTrue();
        assertThat(plan(store, 10).options().settings())
                .containsEntry("log.cleanup.policy", "compact,delete")
                .containsEntry("log.cleaner.min.cleanable.ratio", "0")
                .containsEntry("log.cleaner.backoff.ms", "0")
                .containsKey("log.retention.bytes");
    }

    @Test
    void shouldRefuseAnotherStore() {
        assertThatThrownBy(() -> plan("paper", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--store must be chronicle or memory, found 'paper'");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 1, 0, 0, 0, 1",
        "1, 0, 1, 0, 0, 0, 1",
        "2, 1, 1, 0, 0, 0, 1",
        "1, 1, 1, -1, 0, 0, 1",
        "1, 1, 1, 0, -1, 0, 1",
        "1, 1, 1, 0, 0, -1, 1",
        "1, 1, 1, 0, 0, 0, 0"
    })
    void shouldRefuseWhatCannotBeRun(
            int valueBytes, int partitions, int window, int keys, int rate, int warmUp, int seconds) {
        assertThatThrownBy(() ->
                        new PausePlan("memory", DATA, valueBytes, partitions, window, keys, rate, warmUp, seconds))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
