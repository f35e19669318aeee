package io.penstock.core.group.consumer;

import io.penstock.core.collection.PersistentMap;
import io.penstock.core.group.record.ConsumerGroupRegexRecord;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the members of a consumer group read: topics by name, and topics that match patterns. Immutable. */
public final class Subscriptions {
    public static final Subscriptions EMPTY =
            new Subscriptions(Tally.EMPTY, Tally.EMPTY, PersistentMap.empty(), Tally.EMPTY);

    /** How many members name each topic. */
    private final Tally names;
    /** How many members have each pattern. */
    private final Tally patterns;

    private final PersistentMap<String, ConsumerGroupRegexRecord.Value> resolved;
    /** How many patterns each topic matches. */
    private final Tally matched;

    private Subscriptions(
            Tally names,
            Tally patterns,
            PersistentMap<String, ConsumerGroupRegexRecord.Value> resolved,
            Tally matched) {
        this.names = names;
        this.patterns = patterns;
        this.resolved = resolved;
        this.matched = matched;
    }

    public boolean isSubscribedTo(String topic) {
        return names.count(topic) > 0 || matched.count(topic) > 0;
    }

    /** All topics subscribed to, whether they exist or not, in order; a copy. */
    public Set<String> topics() {
        Set<String> topics = new TreeSet<>(names.texts());
        topics.addAll(matched.texts());
        return topics;
    }

    /** How many topics are named or matched; what is both counts twice. */
    public int topicCount() {
        return names.size() + matched.size();
    }

    /** The topics of one member, in order; a copy. */
    public Set<String> topicsOf(ConsumerMember member) {
        Set<String> topics = new TreeSet<>(member.profile().subscribedTopicNames());
        String pattern = member.regex();
        ConsumerGroupRegexRecord.Value matches = pattern == null ? null : resolved.get(pattern);
        if (matches != null) {
            topics.addAll(matches.topics());
        }
        return topics;
    }

    /** How many members have a pattern. */
    public int memberCount(String pattern) {
        return patterns.count(pattern);
    }

    /** The patterns that members have, resolved or not, in order; a copy. */
    public Set<String> patterns() {
        return patterns.texts();
    }

    public boolean hasPatterns() {
        return !patterns.isEmpty();
    }

    /** What matches a pattern; null as long as that was not looked up. */
    public ConsumerGroupRegexRecord.@Nullable Value resolved(String pattern) {
        return resolved.get(pattern);
    }

    /** Patterns that have been looked up, in order; a copy. */
    public Set<String> resolvedPatterns() {
        Set<String> all = new TreeSet<>();
        resolved.forEach((pattern, matches) -> all.add(pattern));
        return all;
    }

    public int resolvedCount() {
        return resolved.size();
    }

    /** Any of the look-ups: they are done together, so all are as old; null if there was none. */
    public ConsumerGroupRegexRecord.@Nullable Value anyResolved() {
        return resolved.isEmpty() ? null : resolved.values().iterator().next();
    }

    // ---- the subscriptions, changed

    /** With what a member says now in place of what it said before. */
    public Subscriptions replacing(@Nullable ConsumerMember before, @Nullable ConsumerMember after) {
        if (before != null && after != null && before.profile().equals(after.profile())) {
            return this;
        }
        Tally newNames = names;
        Tally newPatterns = patterns;
        if (before != null) {
            newNames = newNames.minusAll(before.profile().subscribedTopicNames());
            newPatterns = newPatterns.minus(before.regex());
        }
        if (after != null) {
            newNames = newNames.plusAll(after.profile().subscribedTopicNames());
            newPatterns = newPatterns.plus(after.regex());
        }
        return new Subscriptions(newNames, newPatterns, resolved, matched);
    }

    /** With what matches a pattern now; null if nobody has the pattern any more. */
    public Subscriptions resolving(String pattern, ConsumerGroupRegexRecord.@Nullable Value matches) {
        ConsumerGroupRegexRecord.Value before = resolved.get(pattern);
        Tally newMatched = before == null ? matched : matched.minusAll(before.topics());
        return matches == null
                ? new Subscriptions(names, patterns, resolved.minus(pattern), newMatched)
                : new Subscriptions(
                        names, patterns, resolved.plus(pattern, matches), newMatched.plusAll(matches.topics()));
    }
}
