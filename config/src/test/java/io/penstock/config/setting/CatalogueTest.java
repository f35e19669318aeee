package io.penstock.config.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueTest {

    private static final Catalogue CATALOGUE = Catalogue.of(
            List.of(Setting.ofBoolean("num.partitions", null, ""), Setting.ofBoolean("log.retention.ms", null, "")),
            List.of(
                    Setting.ofBoolean("auto.create.topics.enable", null, ""),
                    Setting.ofBoolean("num.partition.secret", null, "").asHidden()));

    @ParameterizedTest
    @CsvSource({
        "num.partitons, num.partitions",
        "num_partitions, num.partitions",
        "NUM.PARTITIONS, num.partitions",
        "log.rentention.ms, log.retention.ms",
        "log.retnetion.ms, log.retention.ms",
        "auto.create.topic.enabled, auto.create.topics.enable",
    })
    void shouldGuessMisspeltKey(String typed, String meant) {
        assertThat(CATALOGUE.closest(typed)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"foo", "my.application.name", "num"})
    void shouldNotGuessFarFetchedKey(String typed) {
        assertThat(CATALOGUE.closest(typed)).isEmpty();
    }

    @Test
    void shouldNotGuessForOverlongKey() {
        assertThat(CATALOGUE.closest("x".repeat(100_000))).isEmpty();
    }

    @Test
    void shouldNeverGuessHiddenKey() {
        assertThat(CATALOGUE.closest("num.partition.secre")).isEmpty();
    }

    @Test
    void shouldRefuseTwoSettingsOfOneName() {
        // given
        List<Setting<?>> group = List.of(Setting.ofBoolean("a", null, ""));

        // when, then
        assertThatThrownBy(() -> Catalogue.of(group, group)).hasMessage("two settings named a");
    }
}
