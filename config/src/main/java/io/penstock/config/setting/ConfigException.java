package io.penstock.config.setting;

import java.util.List;
import java.util.stream.Collectors;

/** Settings that cannot be used. Carries every problem found, so that a user mends them all at once. */
public final class ConfigException extends RuntimeException {

    private final transient List<Problem> problems;

    public ConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::line).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
