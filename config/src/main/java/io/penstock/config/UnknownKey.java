package io.penstock.config;

import java.util.Optional;

/**
 * A key that is in no catalogue.
 *
 * @param place where it was given, for people; empty if given by a program
 * @param closest the known key that was probably meant
 */
public record UnknownKey(String key, String place, Optional<String> closest) {

    /** For a log line: {@code num.partitons (in server.properties line 3; did you mean num.partitions?)}. */
    public String describe() {
        String hint = closest.map(known -> "did you mean " + known + "?").orElse("");
        String separator = place.isEmpty() || hint.isEmpty() ? "" : "; ";
        return place.isEmpty() && hint.isEmpty() ? key : key + " (" + place + separator + hint + ")";
    }
}
