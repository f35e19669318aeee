package io.penstock.core.group.consumer;

import io.penstock.core.collection.PersistentMap;
import org.jspecify.annotations.Nullable;

/**
 * What each member of a group is to have, and the group epoch for which that was computed. Immutable.
 *
 * @param <A> what a member can have: partitions, or tasks
 */
public final class Targets<A> {
    /** The epoch of a group whose targets are known no more. */
    public static final int NO_EPOCH = -1;

    /** The time when that is not known, as records say it. */
    public static final long NO_TIME = 0;

    private final int epoch;
    private final long timeMs;
    private final A nothing;
    private final PersistentMap<String, A> byMember;

    private Targets(int epoch, long timeMs, A nothing, PersistentMap<String, A> byMember) {
        this.epoch = epoch;
        this.timeMs = timeMs;
        this.nothing = nothing;
        this.byMember = byMember;
    }

    /**
     * No targets yet.
     *
     * @param epoch of a group for which nothing has been computed
     * @param nothing what a member is to have then
     */
    public static <A> Targets<A> none(int epoch, A nothing) {
        return new Targets<>(epoch, NO_TIME, nothing, PersistentMap.empty());
    }

    public int epoch() {
        return epoch;
    }

    /** Wall-clock time when it was computed; {@link #NO_TIME} if that is not known. */
    public long timeMs() {
        return timeMs;
    }

    /** What a member is to have; nothing if it was not there yet. */
    public A of(String memberId) {
        A target = byMember.get(memberId);
        return target == null ? nothing : target;
    }

    /** Whether it was computed with that member. */
    public boolean has(String memberId) {
        return byMember.containsKey(memberId);
    }

    /** With another target of a member; null if it has none any more. */
    public Targets<A> with(String memberId, @Nullable A target) {
        PersistentMap<String, A> others = target == null ? byMember.minus(memberId) : byMember.plus(memberId, target);
        return new Targets<>(epoch, timeMs, nothing, others);
    }

    /** Computed for another epoch. */
    public Targets<A> at(int newEpoch, long newTimeMs) {
        return new Targets<>(newEpoch, newTimeMs, nothing, byMember);
    }
}
