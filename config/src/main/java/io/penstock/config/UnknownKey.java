package io.penstock.config;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A key that is in no catalogue.
 *
 * @param place where it was given, for people; empty if given by a program
 * @param hint what was probably meant, or what became of it
 */
public record UnknownKey(String key, String place, Optional<String> hint) {

    /** For a log line: {@code num.partitons (in server.properties line 3; did you mean num.partitions?)}. */
    public String describe() {
        String remarks = Stream.of(place, hint.orElse(""))
                .filter(remark -> !remark.isEmpty())
                .collect(Collectors.joining("; "));
        return remarks.isEmpty() ? key : key + " (" + remarks + ")";
    }
}
