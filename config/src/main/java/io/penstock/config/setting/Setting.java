package io.penstock.config.setting;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One key of the configuration with all that is known about it. Immutable.
 *
 * <p>Made by the factory of its type and refined by the methods that return a changed copy:
 *
 * <pre>{@code
 * static final Setting<Integer> NUM_PARTITIONS = Setting.ofInt("num.partitions", 1, atLeast(1), "Partitions of …");
 * }</pre>
 *
 * @param key Kafka's name, or ours with the prefix {@code penstock.}
 * @param defaultValue null where absence has a meaning of its own or {@code fallbacks} supply the value
 * @param rule what the value must fulfil beyond its type
 * @param doc meaning, unit and special values, in full sentences
 * @param fallbacks keys consulted in this order when the key itself is not given
 * @param hidden internal: accepted, but neither described nor documented
 */
public record Setting<T>(
        String key,
        ValueType type,
        @Nullable T defaultValue,
        Rule<? super T> rule,
        String doc,
        Importance importance,
        UpdateMode updateMode,
        Effect effect,
        List<Fallback> fallbacks,
        boolean hidden) {

    public Setting {
        fallbacks = List.copyOf(fallbacks);
    }

    private static <T> Setting<T> of(
            String key, ValueType type, @Nullable T defaultValue, Rule<? super T> rule, String doc) {
        return new Setting<>(
                key,
                type,
                defaultValue,
                rule,
                doc,
                Importance.MEDIUM,
                UpdateMode.READ_ONLY,
                Effect.ACTIVE,
                List.of(),
                false);
    }

    public static Setting<Boolean> ofBoolean(String key, @Nullable Boolean defaultValue, String doc) {
        return of(key, ValueType.BOOLEAN, defaultValue, Rule.any(), doc);
    }

    public static Setting<String> ofString(
            String key, @Nullable String defaultValue, Rule<? super String> rule, String doc) {
        return of(key, ValueType.STRING, defaultValue, rule, doc);
    }

    public static Setting<Integer> ofInt(
            String key, @Nullable Integer defaultValue, Rule<? super Integer> rule, String doc) {
        return of(key, ValueType.INT, defaultValue, rule, doc);
    }

    public static Setting<Short> ofShort(
            String key, @Nullable Short defaultValue, Rule<? super Short> rule, String doc) {
        return of(key, ValueType.SHORT, defaultValue, rule, doc);
    }

    public static Setting<Long> ofLong(String key, @Nullable Long defaultValue, Rule<? super Long> rule, String doc) {
        return of(key, ValueType.LONG, defaultValue, rule, doc);
    }

    public static Setting<Double> ofDouble(
            String key, @Nullable Double defaultValue, Rule<? super Double> rule, String doc) {
        return of(key, ValueType.DOUBLE, defaultValue, rule, doc);
    }

    public static Setting<List<String>> ofList(
            String key, @Nullable List<String> defaultValue, Rule<? super List<String>> rule, String doc) {
        return of(key, ValueType.LIST, defaultValue, rule, doc);
    }

    /** A setting known by name and type only; every value of the type goes. */
    public static Setting<Object> ofType(String key, ValueType type, @Nullable Object defaultValue, String doc) {
        return of(key, type, defaultValue, Rule.any(), doc);
    }

    public Setting<T> importance(Importance other) {
        return new Setting<>(key, type, defaultValue, rule, doc, other, updateMode, effect, fallbacks, hidden);
    }

    public Setting<T> updateMode(UpdateMode other) {
        return new Setting<>(key, type, defaultValue, rule, doc, importance, other, effect, fallbacks, hidden);
    }

    public Setting<T> effect(Effect other) {
        return new Setting<>(key, type, defaultValue, rule, doc, importance, updateMode, other, fallbacks, hidden);
    }

    public Setting<T> fallingBackTo(Fallback... others) {
        return new Setting<>(
                key, type, defaultValue, rule, doc, importance, updateMode, effect, List.of(others), hidden);
    }

    public Setting<T> asHidden() {
        return new Setting<>(key, type, defaultValue, rule, doc, importance, updateMode, effect, fallbacks, true);
    }

    public boolean isSensitive() {
        return type == ValueType.PASSWORD;
    }

    /** The default as text, or null if there is none. A secret's default is never text. */
    public @Nullable String defaultText() {
        return defaultValue == null || isSensitive() ? null : type.render(defaultValue);
    }

    /** The type and the rule in words: {@code an int of at least 1}. */
    public String expected() {
        return rule.text().isEmpty() ? type.phrase() : type.phrase() + " " + rule.text();
    }

    /** What is wrong with {@code text} as a value of this setting; empty if nothing is. */
    public Optional<Problem> check(String text) {
        if (parse(text) != null) {
            return Optional.empty();
        }
        String expected = expected()
                + HumanNumber.suggestion(key, type, text)
                        .map(number -> "; did you mean " + number + "?")
                        .orElse("");
        return Optional.of(Problem.of(key, isSensitive() ? Problem.HIDDEN : text, expected));
    }

    /** The value of {@code text}, or null if {@link #check} finds a problem with it. */
    @SuppressWarnings("unchecked") // the factories pair every type constant with its Java type
    public @Nullable T parse(String text) {
        T value = (T) type.parse(text);
        return value != null && rule.holds().test(value) ? value : null;
    }
}
