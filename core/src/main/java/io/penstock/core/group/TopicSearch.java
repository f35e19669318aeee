package io.penstock.core.group;

import io.penstock.core.group.consumer.TopicCatalog;
import java.util.Set;

/**
 * A question which topics match the patterns of a group's members. Immutable.
 *
 * @param sinceMs wall-clock time of the question
 */
public record TopicSearch(String groupId, Set<String> patterns, TopicCatalog catalog, long sinceMs) {
    public TopicSearch {
        patterns = Set.copyOf(patterns);
    }
}
