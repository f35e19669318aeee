package io.penstock.core.group.pattern;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of topic names. Matches whole names only, as in Kafka. Immutable, safe from any thread.
 *
 * <p>RE2/J bounds the time to match but not the size of what it compiles: twenty characters can ask for gigabytes. So a pattern's size is
 * reckoned before it is compiled. Matching a name takes at most its length times the pattern's size, in steps of some nanoseconds.
 */
public final class TopicPattern {
    /** Longest pattern, in characters. */
    public static final int MAX_CHARS = 4_096;

    private final Pattern compiled;

    private TopicPattern(Pattern compiled) {
        this.compiled = compiled;
    }

    /** What is wrong with a pattern; null if nothing is. Takes a millisecond at worst. */
    public static @Nullable String flaw(String text) {
        if (text.length() > MAX_CHARS) {
            return "expected at most " + MAX_CHARS + " characters, found " + text.length();
        }
        String oversize = PatternSize.excess(text);
        if (oversize != null) {
            return oversize;
        }
        try {
            Pattern.compile(text);
            return null;
        } catch (PatternSyntaxException e) {
            return e.getDescription();
        }
    }

    /**
     * Compiles a pattern.
     *
     * @throws IllegalArgumentException it has a {@link #flaw}
     */
    public static TopicPattern of(String text) {
        String flaw = flaw(text);
        if (flaw != null) {
            throw new IllegalArgumentException(flaw + ": " + text);
        }
        return new TopicPattern(Pattern.compile(text));
    }

    public boolean matches(String topic) {
        return compiled.matcher(topic).matches();
    }

    /**
     * Finds the topics that match each of some patterns. Not for an event loop: the time grows with topics and patterns.
     *
     * @param patterns those with a {@link #flaw} match nothing: a broker that knew more may have let them in
     * @param isTimeLeft asked before each topic
     * @return for every pattern, the topics in order; null if the time was over before the end
     */
    public static @Nullable Map<String, List<String>> search(
            Set<String> patterns, Collection<String> topics, BooleanSupplier isTimeLeft) {
        Map<String, List<String>> found = new TreeMap<>();
        Map<TopicPattern, List<String>> matches = new HashMap<>();
        for (String text : patterns) {
            List<String> own = found.computeIfAbsent(text, key -> new ArrayList<>());
            if (flaw(text) == null) {
                matches.put(of(text), own);
            }
        }
        for (String topic : topics) {
            if (!isTimeLeft.getAsBoolean()) {
                return null;
            }
            matches.forEach((pattern, own) -> {
                if (pattern.matches(topic)) {
                    own.add(topic);
                }
            });
        }
        found.values().forEach(Collections::sort);
        return found;
    }

    /** The pattern as it was written. */
    @Override
    public String toString() {
        return compiled.pattern();
    }
}
