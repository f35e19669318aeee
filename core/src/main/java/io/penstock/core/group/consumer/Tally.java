package io.penstock.core.group.consumer;

import io.penstock.core.collection.PersistentMap;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How often each of some texts occurs. Immutable. */
public final class Tally {
    public static final Tally EMPTY = new Tally(PersistentMap.empty());

    private final PersistentMap<String, Integer> counts;

    private Tally(PersistentMap<String, Integer> counts) {
        this.counts = counts;
    }

    /** 0 for what does not occur. */
    public int count(String text) {
        Integer count = counts.get(text);
        return count == null ? 0 : count;
    }

    /** How many different texts there are. */
    public int size() {
        return counts.size();
    }

    public boolean isEmpty() {
        return counts.isEmpty();
    }

    /** All texts, in order; a copy. */
    public Set<String> texts() {
        Set<String> texts = new TreeSet<>();
        counts.forEach((text, count) -> texts.add(text));
        return texts;
    }

    /** Whether every text occurs so often. */
    public boolean isEachCounted(int times) {
        return counts.values().stream().allMatch(count -> count == times);
    }

    /** The text that occurs most often; the first in order if several do; null if there is none. */
    public @Nullable String mostFrequent() {
        String[] best = {null};
        int[] bestCount = {0};
        counts.forEach((text, count) -> {
            boolean isBetter =
                    count > bestCount[0] || (count == bestCount[0] && best[0] != null && text.compareTo(best[0]) < 0);
            if (isBetter) {
                best[0] = text;
                bestCount[0] = count;
            }
        });
        return best[0];
    }

    Tally plus(@Nullable String text) {
        return text == null ? this : new Tally(counts.plus(text, count(text) + 1));
    }

    Tally minus(@Nullable String text) {
        if (text == null) {
            return this;
        }
        int count = count(text);
        return new Tally(count <= 1 ? counts.minus(text) : counts.plus(text, count - 1));
    }

    Tally plusAll(Collection<String> texts) {
        Tally next = this;
        for (String text : texts) {
            next = next.plus(text);
        }
        return next;
    }

    Tally minusAll(Collection<String> texts) {
        Tally next = this;
        for (String text : texts) {
            next = next.minus(text);
        }
        return next;
    }
}
