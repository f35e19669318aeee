package io.penstock.net.cli;

import io.penstock.config.setting.ConfigException;
import io.penstock.config.setting.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Why the process does not start, in words for the person who started it. Immutable.
 *
 * @param what one line without a full stop: {@code port 9092 of localhost is in use}
 * @param details facts, each for a line of its own: the key, its value, the rule
 * @param remedy what to do about it, one line
 */
public record Refusal(ExitCode exitCode, String what, List<Detail> details, String remedy) {

    /** One named fact. */
    public record Detail(String name, String value) {}

    public Refusal {
        details = List.copyOf(details);
    }

    /** Settings that cannot be used, all of them at once. */
    public static Refusal of(ConfigException bad) {
        List<Detail> details = new ArrayList<>();
        bad.problems().forEach(problem -> addTo(details, problem));
        String what = bad.problems().size() == 1
                ? "a setting cannot be used"
                : bad.problems().size() + " settings cannot be used";
        return new Refusal(
                ExitCode.BAD_CONFIGURATION,
                what,
                details,
                "correct the value or leave the key out; 'penstock config --describe KEY' tells what a key means and takes");
    }

    private static void addTo(List<Detail> details, Problem problem) {
        details.add(new Detail("key", problem.key()));
        details.add(new Detail("value", problem.value()));
        details.add(new Detail("expected", problem.expected()));
        if (!problem.where().isEmpty()) {
            details.add(new Detail("given", problem.where()));
        }
    }

    /** The block that a terminal shows: a headline, then a line for every detail and for the remedy. */
    public String block() {
        StringBuilder block = new StringBuilder("penstock: ").append(what).append(System.lineSeparator());
        details.forEach(detail -> appendLine(block, detail.name(), detail.value()));
        appendLine(block, "what to do", remedy);
        return block.toString();
    }

    private static void appendLine(StringBuilder block, String name, String value) {
        block.append(String.format(Locale.ROOT, "  %-11s %s%n", name, value));
    }
}
