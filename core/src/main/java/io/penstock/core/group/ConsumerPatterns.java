package io.penstock.core.group;

import io.penstock.core.group.consumer.ConsumerMember;
import io.penstock.core.group.consumer.Subscriptions;
import io.penstock.core.group.record.ConsumerGroupRegexRecord;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is known of the patterns to which members of a consumer group subscribe. Patterns are looked up elsewhere, all of a group
 * together and one search of a group at a time; what was found is written, so members go by the same after a restart. Stateless.
 */
final class ConsumerPatterns {
    /** A group's patterns are looked up no more often than this, however many topics and patterns come. */
    static final long LEAST_REFRESH_MS = 10_000;

    private ConsumerPatterns() {}

    /** What has become of a member's pattern at a heartbeat. */
    enum Change {
        NONE,
        /** It has another one, of which it is not known yet what matches. */
        CHANGED,
        /** It has another one that is known, or none any more: what it reads changes now. */
        CHANGED_AND_KNOWN
    }

    /** Why a member may not have the pattern that it asks for; null if it may. */
    static @Nullable Refusal refusal(CoordinatorShard shard, ConsumerGroup group, @Nullable String pattern) {
        if (pattern == null || group.subscriptions().memberCount(pattern) > 0) {
            return null;
        }
        String flaw = shard.searches().flaw(pattern);
        return flaw == null ? null : ConsumerRefusals.badPattern(pattern, flaw);
    }

    /**
     * Follows a change of a member's pattern, which the draft has already, and has patterns looked up if it is time.
     *
     * @param before the pattern that the member had
     * @param after the one that it has
     */
    static Change update(ConsumerDraft draft, @Nullable String before, @Nullable String after) {
        Change change = follow(draft, before, after);
        boolean isNew = change == Change.CHANGED
                && after != null
                && draft.group().subscriptions().memberCount(after) == 1;
        if (isSearchDue(draft, isNew)) {
            Subscriptions subscriptions = draft.group().subscriptions();
            CoordinatorShard shard = draft.shard();
            TopicSearch search = new TopicSearch(
                    draft.groupId(),
                    subscriptions.patterns(),
                    shard.topics(),
                    draft.now().wallMs());
            draft.step().then(() -> shard.searches().begin(search));
        }
        return change;
    }

    private static Change follow(ConsumerDraft draft, @Nullable String before, @Nullable String after) {
        if (Objects.equals(before, after)) {
            return Change.NONE;
        }
        if (before != null && draft.group().subscriptions().memberCount(before) == 0) {
            draft.append(ConsumerGroupRegexRecord.tombstone(draft.groupId(), before));
        }
        boolean isKnown = after == null || draft.group().subscriptions().resolved(after) != null;
        return isKnown ? Change.CHANGED_AND_KNOWN : Change.CHANGED;
    }

    private static boolean isSearchDue(ConsumerDraft draft, boolean isPatternNew) {
        Subscriptions subscriptions = draft.group().subscriptions();
        if (!subscriptions.hasPatterns() || draft.shard().searches().isUnderWay(draft.groupId())) {
            return false;
        }
        ConsumerGroupRegexRecord.Value last = subscriptions.anyResolved();
        if (last == null) {
            return true;
        }
        long sinceMs = draft.now().wallMs() - last.timeMs();
        if (sinceMs >= 0 && sinceMs <= LEAST_REFRESH_MS) {
            return false;
        }
        return isPatternNew
                || subscriptions.patterns().size() != subscriptions.resolvedCount()
                || draft.shard().searches().isOutdated(last.version())
                || sinceMs > draft.settings().regexRefreshIntervalMs();
    }

    /** Writes what a search has found. */
    static Step onFound(CoordinatorShard shard, TopicSearch search, Map<String, List<String>> found, Now now) {
        if (!(shard.group(search.groupId()) instanceof ConsumerGroup group)) {
            return onEnd(shard, search);
        }
        ConsumerDraft draft = new ConsumerDraft(shard, group, now);
        boolean hasChanged = false;
        for (Map.Entry<String, List<String>> entry : found.entrySet()) {
            String pattern = entry.getKey();
            if (group.subscriptions().memberCount(pattern) > 0) {
                ConsumerGroupRegexRecord.Value before = group.subscriptions().resolved(pattern);
                Set<String> known = before == null ? Set.of() : Set.copyOf(before.topics());
                hasChanged |= !known.equals(Set.copyOf(entry.getValue()));
                draft.append(new ConsumerGroupRegexRecord(
                        search.groupId(),
                        pattern,
                        new ConsumerGroupRegexRecord.Value(
                                entry.getValue(), search.catalog().version(), search.sinceMs())));
            }
        }
        draft.beginEpoch(hasChanged);
        draft.step().then(() -> shard.searches().onEnded(search.groupId()));
        return draft.finish();
    }

    /** A search has come to nothing; the group may have another. */
    static Step onEnd(CoordinatorShard shard, TopicSearch search) {
        return new Step().then(() -> shard.searches().onEnded(search.groupId()));
    }

    /** The pattern of a request: an empty one takes back what was said before, null leaves it. */
    static @Nullable String of(@Nullable String requested, ConsumerMember member) {
        if (requested == null) {
            return member.regex();
        }
        return requested.isEmpty() ? null : requested;
    }
}
