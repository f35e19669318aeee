package io.penstock.config.setting;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * What a well-typed value must also fulfil. Immutable.
 *
 * @param text the rule in words, following the type's phrase: {@code of at least 1}; empty if everything goes
 * @param holds whether a value keeps the rule
 */
public record Rule<T>(String text, Predicate<T> holds) {

    public static Rule<Object> any() {
        return new Rule<>("", value -> true);
    }

    public static Rule<Number> atLeast(long min) {
        return new Rule<>("of at least " + min, value -> value.doubleValue() >= min);
    }

    /** Both ends inclusive. */
    public static Rule<Number> between(long min, long max) {
        return new Rule<>(
                "from " + min + " to " + max, value -> value.doubleValue() >= min && value.doubleValue() <= max);
    }

    public static Rule<Number> betweenOr(long min, long max, long special) {
        return new Rule<>(
                "from " + min + " to " + max + ", or " + special,
                value -> value.longValue() == special || (value.longValue() >= min && value.longValue() <= max));
    }

    public static Rule<String> oneOf(String... allowed) {
        List<String> choices = List.of(allowed);
        return new Rule<>("that is one of " + String.join(", ", choices), choices::contains);
    }

    public static Rule<String> oneOfIgnoringCase(String... allowed) {
        List<String> choices = List.of(allowed);
        return new Rule<>(
                "that is one of " + String.join(", ", choices),
                value -> choices.stream().anyMatch(value::equalsIgnoreCase));
    }

    public static Rule<String> nonEmpty() {
        return new Rule<>("that is not empty", value -> !value.isEmpty());
    }

    /** Any selection of the allowed names, also an empty one. */
    public static Rule<List<String>> anyOf(String... allowed) {
        List<String> choices = List.of(allowed);
        return new Rule<>("of any of " + String.join(", ", choices), choices::containsAll);
    }

    /** At least one of the allowed names, in any letter case. */
    public static Rule<List<String>> someOfIgnoringCase(String... allowed) {
        List<String> choices = List.of(allowed);
        return new Rule<>(
                "of one or more of " + String.join(", ", choices),
                values -> !values.isEmpty()
                        && values.stream().allMatch(value -> choices.contains(value.toLowerCase(Locale.ROOT))));
    }

    public static Rule<List<String>> nonEmptyList() {
        return new Rule<>(
                "of at least one element and no empty one",
                values -> !values.isEmpty() && values.stream().noneMatch(String::isEmpty));
    }

    public static Rule<List<String>> noEmptyElement() {
        return new Rule<>("without empty elements", values -> values.stream().noneMatch(String::isEmpty));
    }
}
