package io.penstock.core.group.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicPatternTest {

    @ParameterizedTest
    @CsvSource({
        "'foo.*', foo, true",
        "'foo.*', foobar, true",
        "'foo.*', afoo, false",
        "'foo', foobar, false",
        "'orders|payments', payments, true",
        "'(?i)ORDERS', orders, true",
        "'[^_].*', __consumer_offsets, false",
        "'a{2,3}', aaa, true",
        "'a{2,3}', aaaa, false",
        "'\\Qa.b\\E.', a.bc, true",
        "'\\Qa.b\\E.', axbc, false",
        "'\\pL+', größe, true",
        "'', a, false",
    })
    void shouldMatchWholeNames(String pattern, String topic, boolean isMatch) {
        assertThat(TopicPattern.of(pattern).matches(topic)).isEqualTo(isMatch);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "(a", "a)", "*", "(?=a)", "(?<!a)", "\\1", "a{1001}", "x**", "[z-a]", "\\p{Nope}"})
    void shouldSayWhatIsWrongWithBadPatterns(String pattern) {
        assertThat(TopicPattern.flaw(pattern)).isNotBlank();
        assertThatThrownBy(() -> TopicPattern.of(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(pattern);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(((a*){1000}){1000}){1000}",
                "((a{99}){99}){99}",
                "((a{1,99}){0,99}){99,}",
                "(?:(?:[a-z]{100}){100})",
                "([a)b]{900}|(c{900}){9})",
                "\\Q(\\E{999}(x{999}){9}",
            })
    void shouldNotCompilePatternsThatGrow(String pattern) {
        assertThat(TopicPattern.flaw(pattern)).contains("steps");
    }

    @Test
    void shouldRefusePatternsThatAreLongOrDeep() {
        assertThat(TopicPattern.flaw("a".repeat(TopicPattern.MAX_CHARS))).isNull();
        assertThat(TopicPattern.flaw("a".repeat(TopicPattern.MAX_CHARS + 1))).contains("4096 characters");
        assertThat(TopicPattern.flaw("(".repeat(150) + ")".repeat(150))).isNull();
        assertThat(TopicPattern.flaw("(".repeat(2_000) + "a" + ")".repeat(2_000)))
                .contains("nested at most");
    }

    @Test
    void shouldLetInWhatPeopleWrite() {
        String names = String.join(
                "|",
                IntStream.range(0, 150)
                        .mapToObj(i -> "orders-" + i + ".v[0-9]+")
                        .toList());
        for (String pattern : List.of(
                ".*",
                "prod\\..*\\.(orders|payments)-[a-z0-9]{1,40}",
                "[a-z]{2}-[0-9]{1,3}(-.*)?",
                "{",
                "a{,3}",
                names)) {
            assertThat(TopicPattern.flaw(pattern)).as(pattern).isNull();
        }
    }

    @Test
    void shouldReckonAtLeastWhatRe2Makes() {
        long seed = 3;
        Random random = new Random(seed);
        int checked = 0;
        for (int round = 0; round < 20_000; round++) {
            String pattern = randomPattern(random);
            if (TopicPattern.flaw(pattern) == null) {
                int programSize = Pattern.compile(pattern).programSize();
                assertThat(programSize).as("seed %d: %s", seed, pattern).isLessThan(3 * PatternSize.MAX_STEPS);
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(1_000);
    }

    private static String randomPattern(Random random) {
        String[] parts = {
            "a",
            "b",
            "(",
            "(",
            ")",
            ")",
            "[",
            "]",
            "[^a]",
            "\\",
            "\\Q",
            "\\E",
            "{9}",
            "{2,}",
            "{0,99}",
            "{1000}",
            "*",
            "+",
            "?",
            "|",
            "(?i)",
            "(?:",
            "(?P<n>",
            "\\pL",
            "\\x{41}",
            "[[:alpha:]]",
            "^",
            "$",
            "."
        };
        StringBuilder pattern = new StringBuilder();
        for (int i = 1 + random.nextInt(12); i > 0; i--) {
            pattern.append(parts[random.nextInt(parts.length)]);
        }
        return pattern.toString();
    }

    @Test
    void shouldMatchInLinearTimeWhatOthersTakeForeverFor() {
        assertThat(TopicPattern.of("(a*)*(a|aa)+b").matches("a".repeat(249))).isFalse();
    }

    @Test
    void shouldFindTheTopicsOfEachPatternInOrder() {
        // when
        Map<String, List<String>> found = TopicPattern.search(
                Set.of("a.*", "b", "none", "["), List.of("b", "az", "a", "__internal", "ab"), () -> true);

        // then
        assertThat(found)
                .isEqualTo(
                        Map.of("a.*", List.of("a", "ab", "az"), "b", List.of("b"), "none", List.of(), "[", List.of()));
    }

    @Test
    void shouldGiveUpWhenTheTimeIsOver() {
        int[] left = {2};
        assertThat(TopicPattern.search(Set.of(".*"), List.of("a", "b", "c"), () -> left[0]-- > 0))
                .isNull();
    }
}
