package io.penstock.config.setting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {

    private static final Setting<Integer> SEGMENT_BYTES =
            Setting.ofInt("log.segment.bytes", 1_073_741_824, Rule.atLeast(1_048_576), "");
    private static final Setting<Long> RETENTION_MS = Setting.ofLong("retention.ms", null, Rule.atLeast(-1), "");
    private static final Setting<Integer> RETENTION_HOURS = Setting.ofInt("log.retention.hours", null, Rule.any(), "");
    private static final Setting<Boolean> FLAG = Setting.ofBoolean("flag", true, "");
    private static final Setting<List<String>> LIST = Setting.ofList("list", List.of("a", "b"), Rule.any(), "");
    private static final Setting<Object> SECRET = Setting.ofType("secret", ValueType.PASSWORD, null, "");

    @Test
    void shouldNameKeyValueTypeAndRuleOfBadValue() {
        // when
        Problem problem = SEGMENT_BYTES.check("abc").orElseThrow();

        // then
        assertThat(problem.line()).isEqualTo("log.segment.bytes=abc: expected an int of at least 1048576");
        assertThat(problem.message())
                .isEqualTo(
                        "Invalid value abc for configuration log.segment.bytes: expected an int of at least 1048576");
    }

    @Test
    void shouldNamePlaceOfBadValue() {
        // when
        Problem problem = SEGMENT_BYTES.check("7").orElseThrow().at("in server.properties line 12");

        // then
        assertThat(problem.line())
                .isEqualTo("log.segment.bytes=7: expected an int of at least 1048576 (in server.properties line 12)");
    }

    @ParameterizedTest
    @CsvSource({
        "7d, 604800000",
        "7 days, 604800000",
        "1.5h, 5400000",
        "90s, 90000",
        "250ms, 250",
    })
    void shouldSuggestMillisecondsForDuration(String text, String number) {
        // when
        Problem problem = RETENTION_MS.check(text).orElseThrow();

        // then
        assertThat(problem.expected()).endsWith("; did you mean " + number + "?");
    }

    @ParameterizedTest
    @CsvSource({"1g, 1073741824", "16MiB, 16777216", "64 kb, 65536"})
    void shouldSuggestBytesForSize(String text, String number) {
        // when
        Problem problem = SEGMENT_BYTES.check(text).orElseThrow();

        // then
        assertThat(problem.expected()).endsWith("; did you mean " + number + "?");
    }

    @Test
    void shouldSuggestNumberInUnitOfKey() {
        assertThat(RETENTION_HOURS.check("7d").orElseThrow().expected()).endsWith("did you mean 168?");
        assertThat(RETENTION_HOURS.check("90s").orElseThrow().expected()).isEqualTo("an int");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "1.5", "0x10", "1e3", "99999999999999999999", "true"})
    void shouldRefuseWhatIsNoWholeNumber(String text) {
        assertThat(RETENTION_MS.check(text)).isPresent();
        assertThat(RETENTION_MS.parse(text)).isNull();
    }

    @Test
    void shouldIgnoreWhiteSpaceAroundValue() {
        assertThat(RETENTION_MS.parse("  42 ")).isEqualTo(42L);
        assertThat(FLAG.parse(" TRUE")).isTrue();
        assertThat(LIST.parse(" a , b ,c")).containsExactly("a", "b", "c");
    }

    @Test
    void shouldTakeOnlyTrueAndFalseAsBoolean() {
        assertThat(FLAG.check("yes").orElseThrow().expected()).isEqualTo("a boolean, true or false");
        assertThat(FLAG.check("False")).isEmpty();
    }

    @Test
    void shouldReadEmptyTextAsEmptyList() {
        assertThat(LIST.parse("")).isEmpty();
        assertThat(LIST.parse("a,,b")).containsExactly("a", "", "b");
    }

    @Test
    void shouldNeverShowSecret() {
        // given
        Setting<String> guarded = new Setting<>(
                "ssl.key.password",
                ValueType.PASSWORD,
                "default-secret",
                new Rule<>("of more than four letters", text -> text.length() > 4),
                "",
                Importance.HIGH,
                UpdateMode.READ_ONLY,
                Effect.ACTIVE,
                List.of(),
                false);

        // when
        Problem problem = guarded.check("pw").orElseThrow();

        // then
        assertThat(problem.line()).doesNotContain("pw:").contains("[hidden]");
        assertThat(problem.message()).doesNotContain(" pw ");
        assertThat(guarded.defaultText()).isNull();
        assertThat(SECRET.isSensitive()).isTrue();
    }

    @Test
    void shouldKeepWhiteSpaceOfSecret() {
        assertThat(SECRET.parse(" p w ")).isEqualTo(" p w ");
    }

    @Test
    void shouldRenderDefaultAsItIsWritten() {
        assertThat(LIST.defaultText()).isEqualTo("a,b");
        assertThat(SEGMENT_BYTES.defaultText()).isEqualTo("1073741824");
        assertThat(RETENTION_MS.defaultText()).isNull();
    }
}
