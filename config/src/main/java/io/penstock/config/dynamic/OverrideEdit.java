package io.penstock.config.dynamic;

import io.penstock.config.setting.Setting;
import io.penstock.config.setting.ValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Carries out a list of operations on the texts set at one level. Knows keys and lists, not whether values are allowed.
 */
final class OverrideEdit {

    private final Map<String, String> overrides;
    private final Function<String, Optional<Setting<?>>> catalogue;

    /** What the operations lead to, or why they cannot be carried out: exactly one of the two. */
    record Result(Map<String, String> overrides, Optional<AlterOutcome> refusal) {}

    private OverrideEdit(Map<String, String> current, Function<String, Optional<Setting<?>>> catalogue) {
        this.overrides = new HashMap<>(current);
        this.catalogue = catalogue;
    }

    /** Applies {@code ops}, which must name each key at most once. */
    static Result apply(
            Map<String, String> current, List<ConfigOp> ops, Function<String, Optional<Setting<?>>> catalogue) {
        Set<String> keys = new HashSet<>();
        OverrideEdit edit = new OverrideEdit(current, catalogue);
        for (ConfigOp op : ops) {
            if (!keys.add(op.key())) {
                return refused(AlterOutcome.invalidRequest("Error due to duplicate config keys: " + op.key()));
            }
            Optional<AlterOutcome> refusal = edit.apply(op);
            if (refusal.isPresent()) {
                return refused(refusal.get());
            }
        }
        return new Result(edit.overrides, Optional.empty());
    }

    private static Result refused(AlterOutcome refusal) {
        return new Result(Map.of(), Optional.of(refusal));
    }

    private Optional<AlterOutcome> apply(ConfigOp op) {
        if (op.kind() == ConfigOp.Kind.DELETE) {
            overrides.remove(op.key());
            return Optional.empty();
        }
        String value = op.value();
        if (value == null) {
            return Optional.of(AlterOutcome.invalidRequest("Null value not supported for : " + op.key()));
        }
        if (op.kind() == ConfigOp.Kind.SET) {
            overrides.put(op.key(), value);
            return Optional.empty();
        }
        return editList(op.kind(), op.key(), value);
    }

    private Optional<AlterOutcome> editList(ConfigOp.Kind kind, String key, String elements) {
        Optional<Setting<?>> setting = catalogue.apply(key).filter(found -> found.type() == ValueType.LIST);
        if (setting.isEmpty()) {
            return Optional.of(
                    AlterOutcome.invalidConfig("Can't " + kind + " to key " + key + " because its type is not LIST."));
        }
        List<String> list = elements(overrides.getOrDefault(key, defaultText(setting.get())));
        for (String element : elements(elements)) {
            if (kind == ConfigOp.Kind.SUBTRACT) {
                list.remove(element);
            } else if (!list.contains(element)) {
                list.add(element);
            }
        }
        overrides.put(key, String.join(",", list));
        return Optional.empty();
    }

    /** Kafka edits the default of the catalogue, not what weaker levels say. */
    private static String defaultText(Setting<?> setting) {
        String text = setting.defaultText();
        return text == null ? "" : text;
    }

    private static List<String> elements(String text) {
        List<String> elements = new ArrayList<>();
        for (String element : text.split(",", -1)) {
            if (!element.isBlank()) {
                elements.add(element.trim());
            }
        }
        return elements;
    }
}
