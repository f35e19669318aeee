package io.penstock.config.setting;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the text of a value is read and written, by the rules of Kafka's own property files. The constants carry the
 * names that DescribeConfigs gives its types.
 */
public enum ValueType {
    BOOLEAN("a boolean, true or false"),
    STRING("a string"),
    INT("an int"),
    SHORT("a short"),
    LONG("a long"),
    DOUBLE("a double"),
    LIST("a comma-separated list"),
    /** The name of a class, kept as text: nothing here ever loads it. */
    CLASS("a class name"),
    /** Text that is never shown, logged or described. */
    PASSWORD("a secret");

    private final String phrase;

    ValueType(String phrase) {
        this.phrase = phrase;
    }

    /** The type in words, with its article: {@code an int}. */
    public String phrase() {
        return phrase;
    }

    public boolean isNumber() {
        return this == INT || this == SHORT || this == LONG || this == DOUBLE;
    }

    /**
     * Reads {@code text}, ignoring white space around it (a secret keeps it).
     *
     * @return the value, or null if the text is not of this type; SHORT gives a {@link Short}, LIST a
     *     {@code List<String>}
     */
    public @Nullable Object parse(String text) {
        String trimmed = text.trim();
        return switch (this) {
            case BOOLEAN -> parseBoolean(trimmed);
            case STRING, CLASS -> trimmed;
            case INT, SHORT, LONG, DOUBLE -> parseNumber(trimmed);
            case LIST -> parseList(trimmed);
            case PASSWORD -> text;
        };
    }

    /** The text that {@link #parse} would read back as {@code value}. */
    public String render(Object value) {
        return value instanceof List<?> list
                ? String.join(",", list.stream().map(String::valueOf).toList())
                : value.toString();
    }

    private static @Nullable Boolean parseBoolean(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> null;
        };
    }

    private @Nullable Number parseNumber(String text) {
        try {
            return switch (this) {
                case INT -> (Number) Integer.valueOf(text);
                case SHORT -> (Number) Short.valueOf(text);
                case LONG -> (Number) Long.valueOf(text);
                default -> (Number) Double.valueOf(text);
            };
        } catch (NumberFormatException notANumber) {
            return null; // the answer of parse: the caller reports it with the key and the rule
        }
    }

    /** Splits at commas; empty elements are kept so that a rule can refuse them, but empty text is an empty list. */
    private static List<String> parseList(String text) {
        List<String> elements = new ArrayList<>();
        if (!text.isEmpty()) {
            int start = 0;
            for (int comma = text.indexOf(','); comma >= 0; comma = text.indexOf(',', start)) {
                elements.add(text.substring(start, comma).trim());
                start = comma + 1;
            }
            elements.add(text.substring(start).trim());
        }
        return List.copyOf(elements);
    }
}
