package io.penstock.config.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.config.setting.ConfigException;
import java.io.StringReader;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever the text, we read from it what {@link Properties} reads. */
class PropertyTextFuzzTest {

    private static final String[] PIECES = {
        "a",
        "b",
        "log.dirs",
        "=",
        ":",
        " ",
        "\t",
        "\f",
        "\n",
        "\r",
        "\r\n",
        "\\",
        "\\\\",
        "\\\n",
        "\\\r\n",
        "#",
        "!",
        "\\u0041",
        "\\t",
        "\u00e9",
        "1",
        "x=y\n",
        "key=value\n",
        "\\ "
    };

    @Test
    void shouldReadWhatPropertiesReads() throws Exception {
        long seed = 20_261_122L;
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            // given
            String text = text(random);
            Properties expected = new Properties();
            expected.load(new StringReader(text));
            expected.remove(""); // a lone backslash at the end of the text may or may not give an entry without a key

            // when
            Map<String, String> read = new TreeMap<>();
            ServerProperties.parse(text, "f").values().forEach((key, value) -> read.put(key, value.text()));
            read.remove("");

            // then
            assertThat(read).as("seed %d round %d text [%s]", seed, round, text).isEqualTo(new TreeMap<>(expected));
        }
    }

    @Test
    void shouldAnswerAnyTextWithValuesOrListOfProblems() {
        Random random = new Random(7);
        for (int round = 0; round < 5_000; round++) {
            // given
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append((char)
                        (random.nextInt(10) == 0 ? random.nextInt(0x10000) : "\\u=\n#a0".charAt(random.nextInt(7))));
            }

            // when, then
            try {
                assertThat(ServerProperties.parse(text.toString(), "f").values())
                        .isNotNull();
            } catch (ConfigException refused) {
                assertThat(refused.problems()).isNotEmpty();
            }
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(14); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }
}
