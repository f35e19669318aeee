package io.penstock.core.group;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The searches for topics that match groups' patterns, one for each group at a time. Owned by one {@link CoordinatorShard}. */
final class TopicSearches {
    private final TopicPatterns patterns;
    /** Groups whose patterns are being looked up. */
    private final Set<String> searching = new HashSet<>();

    private long newestTopicVersion;

    TopicSearches(TopicPatterns patterns) {
        this.patterns = patterns;
    }

    /** There are topics since that version of the catalog that were not there before. */
    void onNewTopics(long version) {
        newestTopicVersion = version;
    }

    /** Whether topics have come that a search in that version of the catalog did not see. */
    boolean isOutdated(long version) {
        return version < newestTopicVersion;
    }

    /** What is wrong with a pattern; null if nothing is. */
    @Nullable
    String flaw(String pattern) {
        return patterns.flaw(pattern);
    }

    boolean isUnderWay(String groupId) {
        return searching.contains(groupId);
    }

    /** Has the patterns of a group looked up elsewhere, unless some are being looked up already. */
    void begin(TopicSearch search) {
        if (searching.add(search.groupId())) {
            patterns.search(search);
        }
    }

    void onEnded(String groupId) {
        searching.remove(groupId);
    }
}
