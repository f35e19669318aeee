package io.penstock.core.metadata;

import java.util.List;

/**
 * What a controller decided: the records that will make it so, and the answer to give once they are durable and replayed. Changes
 * nothing by itself. Immutable.
 *
 * @param groups each is to be written whole or not at all; none is empty
 * @param answer for the client
 */
public record Decision<T>(List<List<MetadataRecord>> groups, T answer) {
    public Decision {
        groups = List.copyOf(groups);
    }

    /** Nothing changes. */
    public static <T> Decision<T> unchanged(T answer) {
        return new Decision<>(List.of(), answer);
    }
}
