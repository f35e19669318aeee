package io.penstock.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.config.setting.ConfigException;
import io.penstock.config.setting.Setting;
import io.penstock.config.source.ServerProperties;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a file says, the answer is a usable configuration or a list of problems, each with the line it is in. */
class BrokerConfigFuzzTest {

    private static final String[] VALUES = {
        "",
        " ",
        "0",
        "-1",
        "-2",
        "1",
        "2147483647",
        "2147483648",
        "9223372036854775807",
        "1e9",
        "0.5",
        "NaN",
        "true",
        "FALSE",
        "delete",
        "compact,delete",
        ",",
        "a,,b",
        "PLAINTEXT://:9092",
        "PLAINTEXT://:9092,INTERNAL://[::1]:9093",
        "SSL://h:1",
        "CONTROLLER://:0",
        "CONTROLLER",
        "PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT",
        "127.0.0.1:5",
        "7d",
        "1GiB",
        "gzip",
        "LogAppendTime",
        "producer",
        "\\u00e9",
        "broker,controller",
        "x".repeat(300)
    };

    @Test
    void shouldAnswerAnyFileWithConfigurationOrPlacedProblems() {
        long seed = 20_261_122L;
        Random random = new Random(seed);
        List<String> keys =
                BrokerSettings.CATALOGUE.all().stream().map(Setting::key).toList();
        for (int round = 0; round < 3_000; round++) {
            // given
            String text = text(random, keys);

            // when
            try {
                BrokerConfig config = BrokerConfig.of(ServerProperties.parse(text, "f"));

                // then
                assertThat(config.problems()).isEmpty();
                assertThat(config.listeners()).isNotEmpty();
                assertThat(config.logDirs()).isNotEmpty();
                assertThat(TopicConfigs.of(Map.of(), config).segmentBytes()).isPositive();
            } catch (ConfigException refused) {
                assertThat(refused.problems())
                        .as("seed %d round %d text [%s]", seed, round, text)
                        .isNotEmpty()
                        .allSatisfy(problem -> assertThat(problem.line()).contains(": expected "));
            }
        }
    }

    private static String text(Random random, List<String> keys) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            String key = keys.get(random.nextInt(keys.size()));
            text.append(random.nextInt(12) == 0 ? mutate(random, key) : key)
                    .append('=')
                    .append(VALUES[random.nextInt(VALUES.length)])
                    .append('\n');
        }
        return text.toString();
    }

    private static String mutate(Random random, String key) {
        int at = random.nextInt(key.length());
        return key.substring(0, at) + (char) ('a' + random.nextInt(26)) + key.substring(at + 1);
    }
}
