package io.penstock.core.metadata;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/** Finds what a request names more than once. Stateless. */
final class Duplicates {
    private Duplicates() {}

    /** The keys that two or more of the entries have. */
    static <E, K> Set<K> of(Iterable<E> entries, Function<E, K> key) {
        Set<K> seen = new HashSet<>();
        Set<K> twice = new HashSet<>();
        for (E entry : entries) {
            K name = key.apply(entry);
            if (!seen.add(name)) {
                twice.add(name);
            }
        }
        return twice;
    }
}
