package io.penstock.config;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which clients a subscription of client metrics means: those of which every named attribute matches its regular expression as a whole.
 * Without any, it means all clients. Immutable.
 */
public final class ClientMatch {

    /** Longer texts of clients are cut before they are matched, so that a slow expression stays bearable. */
    private static final int MAX_CHARS = 255;

    private final EnumMap<ClientAttribute, Pattern> patterns = new EnumMap<>(ClientAttribute.class);

    /** @throws IllegalArgumentException if {@link #firstIllegal} finds something */
    ClientMatch(List<String> texts) {
        for (String text : texts) {
            Entry entry = entry(text)
                    .orElseThrow(() -> new IllegalArgumentException("Illegal client matching pattern: " + text));
            patterns.put(entry.attribute, entry.pattern);
        }
    }

    private record Entry(ClientAttribute attribute, Pattern pattern) {}

    /** The first of these texts that is not of the form {@code attribute=expression}. */
    public static Optional<String> firstIllegal(List<String> texts) {
        return texts.stream().filter(text -> entry(text).isEmpty()).findFirst();
    }

    private static Optional<Entry> entry(String text) {
        String[] parts = text.split("=", 0); // as Kafka: an empty rest does not count
        if (parts.length != 2) {
            return Optional.empty();
        }
        try {
            Pattern pattern = Pattern.compile(parts[1].trim());
            return ClientAttribute.ofLabel(parts[0].trim()).map(attribute -> new Entry(attribute, pattern));
        } catch (PatternSyntaxException illegal) {
            return Optional.empty(); // told to the client as an illegal pattern
        }
    }

    /** Whether a client is meant, whose attributes {@code client} knows. */
    public boolean matches(Function<ClientAttribute, String> client) {
        for (Map.Entry<ClientAttribute, Pattern> wanted : patterns.entrySet()) {
            String text = client.apply(wanted.getKey());
            String bounded = text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) : text;
            if (!wanted.getValue().matcher(bounded).matches()) {
                return false;
            }
        }
        return true;
    }
}
