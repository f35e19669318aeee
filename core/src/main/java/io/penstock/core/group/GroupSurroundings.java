package io.penstock.core.group;

import java.util.Map;
import java.util.function.Function;

/**
 * What consumer groups need that is not in their log. Immutable.
 *
 * @param configs what is configured for a group alone, by the keys of Kafka's GROUP resources; empty if nothing is
 * @param patterns looks patterns of topic names up
 */
public record GroupSurroundings(Function<String, Map<String, String>> configs, TopicPatterns patterns) {
    /** No group has settings of its own, and none may have patterns. */
    public static final GroupSurroundings NONE = new GroupSurroundings(groupId -> Map.of(), TopicPatterns.NONE);
}
