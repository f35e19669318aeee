package io.penstock.core.group;

import org.jspecify.annotations.Nullable;

/** Patterns of topic names, as members subscribe to them: in the syntax of RE2, so that no pattern takes long. */
public interface TopicPatterns {
    /** Knows no pattern; for groups that need none. */
    TopicPatterns NONE = new TopicPatterns() {
        @Override
        public String flaw(String pattern) {
            return "patterns are not served";
        }

        @Override
        public void search(TopicSearch search) {
            throw new IllegalStateException("expected no search, as no pattern is accepted");
        }
    };

    /** What is wrong with a pattern; null if nothing is. */
    @Nullable
    String flaw(String pattern);

    /**
     * Starts a search elsewhere, so that the owner of groups is not held up. It ends, after this method has returned, with
     * {@link GroupCommands#onTopicsFound} or {@link GroupCommands#onSearchFailed} for the same search.
     */
    void search(TopicSearch search);
}
