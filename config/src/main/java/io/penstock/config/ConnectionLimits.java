package io.penstock.config;

import io.penstock.config.setting.Rule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code max.connections.per.ip.overrides}. */
final class ConnectionLimits {

    /** The count follows the last colon, so that IPv6 literals need no brackets. */
    private static final Pattern PAIR = Pattern.compile("\\[?([^\\[\\],]+?)]?:([0-9]{1,9})");

    static final Rule<String> RULE = new Rule<>(
            "of comma-separated pairs host:count", text -> parse(text).isPresent());

    private ConnectionLimits() {}

    /** The count for each host; empty if the text is malformed. */
    static Optional<Map<String, Integer>> parse(String text) {
        Map<String, Integer> limits = new LinkedHashMap<>();
        if (text.isBlank()) {
            return Optional.of(limits);
        }
        for (String pair : text.split(",", -1)) {
            Matcher matcher = PAIR.matcher(pair.trim());
            if (!matcher.matches()) {
                return Optional.empty();
            }
            limits.put(matcher.group(1).trim(), Integer.parseInt(matcher.group(2)));
        }
        return Optional.of(limits);
    }
}
