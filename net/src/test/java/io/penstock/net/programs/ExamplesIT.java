package io.penstock.net.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.programs.CommandLine.Outcome;
import io.penstock.net.programs.ExampleLanguage.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The scripts people start with, in every language of {@code config/examples}: a JSON producer, a consumer with automatic commits, a
 * consumer that commits by hand.
 */
@ParameterizedClass
@EnumSource(ExampleLanguage.class)
@Tag("long")
class ExamplesIT {
    @TempDir
    static Path directory;

    private static BrokerProcess broker;

    private final ExampleLanguage language;

    ExamplesIT(ExampleLanguage language) {
        this.language = language;
    }

    @BeforeAll
    static void start() throws Exception {
        broker = BrokerProcess.start(directory.resolve("data"), "num.partitions=3");
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    @BeforeEach
    void skipWithoutTheLanguage() throws IOException {
        assumeTrue(language.missing().isEmpty(), language.missing());
    }

    @Test
    void shouldReadOnceWhatWasProducedThoughTheGroupIsLeftInBetween() throws IOException {
        String topic = topic("auto");

        assertThat(succeed(Script.PRODUCER, "--topic", topic, "--count", "10").output())
                .contains("10 acknowledged");
        List<Integer> first = orders(succeed(Script.CONSUMER, "--topic", topic, "--count", "6"));
        List<Integer> second = orders(succeed(Script.CONSUMER, "--topic", topic, "--count", "4"));

        assertThat(first).hasSize(6).doesNotContainAnyElementsOf(second);
        assertThat(second).hasSize(4);
    }

    @Test
    void shouldCommitByHandAndLeaveTheRestToTheNextRun() throws IOException {
        String topic = topic("manual");
        succeed(Script.PRODUCER, "--topic", topic, "--count", "10", "--keys", "5", "--quiet");

        Outcome run = succeed(Script.MANUAL_COMMIT, "--topic", topic, "--count", "7", "--batch", "3");
        List<Integer> rest = orders(succeed(Script.MANUAL_COMMIT, "--topic", topic, "--count", "3"));

        assertThat(run.output()).contains("committed " + topic + "[", "7 records read");
        assertThat(rest).hasSize(3).doesNotContainAnyElementsOf(orders(run));
    }

    @Test
    void shouldFailWhenThereIsLessToReadThanAskedFor() throws IOException {
        String topic = topic("less");
        succeed(Script.PRODUCER, "--topic", topic, "--count", "2");

        Outcome outcome = run(Script.CONSUMER, "--topic", topic, "--count", "3", "--timeout", "3");

        assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(1);
        assertThat(orders(outcome)).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void shouldExplainThemselves() throws IOException {
        for (Script script : Script.values()) {
            Outcome help = language.run(script, "--help");
            assertThat(help.exitCode()).as(help.output()).isZero();
            assertThat(help.output()).contains("usage:", "--bootstrap", "--topic", "--count");
        }
        Outcome wrong = language.run(Script.PRODUCER, "--cout", "3");
        assertThat(wrong.exitCode()).as(wrong.output()).isEqualTo(2);
        assertThat(wrong.output()).contains("--cout", "usage:");
    }

    /** A topic, and so a group, of this language alone. */
    private String topic(String name) {
        return name + "-" + language.name();
    }

    private Outcome run(Script script, String... options) throws IOException {
        String[] all = new String[options.length + (script == Script.PRODUCER ? 2 : 4)];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = "--bootstrap";
        all[options.length + 1] = broker.bootstrap();
        if (script != Script.PRODUCER) {
            all[options.length + 2] = "--group";
            all[options.length + 3] = "readers-of-" + options[1];
        }
        return language.run(script, all);
    }

    private Outcome succeed(Script script, String... options) throws IOException {
        Outcome outcome = run(script, options);
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        return outcome;
    }

    /** The numbers of the orders that a consumer has shown, in its order. */
    private static List<Integer> orders(Outcome outcome) {
        String shown = outcome.output().replace(" ", "");
        return IntStream.range(0, 10)
                .filter(order -> shown.contains("{\"order\":" + order + ","))
                .boxed()
                .toList();
    }
}
