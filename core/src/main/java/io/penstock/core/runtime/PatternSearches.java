package io.penstock.core.runtime;

import io.penstock.core.group.GroupCommand;
import io.penstock.core.group.GroupCommands;
import io.penstock.core.group.TopicPatterns;
import io.penstock.core.group.TopicSearch;
import io.penstock.core.group.pattern.TopicPattern;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks patterns of topic names up on workers, and hands what was found to the coordinator that asked. A search that takes too long, or
 * that no worker can take, counts as failed. Owned by one {@link LiveCoordinator}.
 */
final class PatternSearches implements TopicPatterns {
    private static final Logger LOGGER = LoggerFactory.getLogger(PatternSearches.class);
    private static final long MAX_SEARCH_MS = 10_000;

    private final Executor workers;
    private final Executor owner;
    private final Clock clock;
    private final Consumer<GroupCommand> coordinator;

    /**
     * @param owner runs what is for the coordinator
     * @param coordinator takes the outcome of each search
     */
    PatternSearches(Executor workers, Executor owner, Clock clock, Consumer<GroupCommand> coordinator) {
        this.workers = workers;
        this.owner = owner;
        this.clock = clock;
        this.coordinator = coordinator;
    }

    @Override
    public @Nullable String flaw(String pattern) {
        return TopicPattern.flaw(pattern);
    }

    @Override
    public void search(TopicSearch search) {
        try {
            workers.execute(() -> end(search, find(search)));
        } catch (RejectedExecutionException e) {
            end(search, null); // they have too much to do; the next heartbeat asks again
        }
    }

    private @Nullable Map<String, List<String>> find(TopicSearch search) {
        long deadlineMs = clock.monotonicMs() + MAX_SEARCH_MS;
        try {
            return TopicPattern.search(
                    search.patterns(), search.catalog().names(), () -> clock.monotonicMs() < deadlineMs);
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .addKeyValue("patterns", search.patterns().size())
                    .setCause(e)
                    .log("Unexpected failure of a search for topics");
            return null;
        }
    }

    private void end(TopicSearch search, @Nullable Map<String, List<String>> found) {
        GroupCommand outcome =
                found == null ? GroupCommands.onSearchFailed(search) : GroupCommands.onTopicsFound(search, found);
        owner.execute(() -> coordinator.accept(outcome));
    }
}
