package io.penstock.core.group.consumer;

import io.penstock.core.collection.PersistentMap;
import io.penstock.core.group.record.ConsumerGroupTargetEpochRecord;
import io.penstock.core.group.record.PartitionSet;
import org.jspecify.annotations.Nullable;

/** What each member of a consumer group is to have, and the group epoch for which that was computed. Immutable. */
public final class Targets {
    /** The epoch while nothing has been computed. */
    public static final int NO_EPOCH = -1;

    public static final Targets NONE =
            new Targets(NO_EPOCH, ConsumerGroupTargetEpochRecord.Value.NO_TIME, PersistentMap.empty());

    private final int epoch;
    private final long timeMs;
    private final PersistentMap<String, PartitionSet> byMember;

    private Targets(int epoch, long timeMs, PersistentMap<String, PartitionSet> byMember) {
        this.epoch = epoch;
        this.timeMs = timeMs;
        this.byMember = byMember;
    }

    public int epoch() {
        return epoch;
    }

    /** Wall-clock time when it was computed; {@link ConsumerGroupTargetEpochRecord.Value#NO_TIME} if that is not known. */
    public long timeMs() {
        return timeMs;
    }

    /** What a member is to have; nothing if it was not there yet. */
    public PartitionSet of(String memberId) {
        PartitionSet target = byMember.get(memberId);
        return target == null ? PartitionSet.EMPTY : target;
    }

    /** Whether it was computed with that member. */
    public boolean has(String memberId) {
        return byMember.containsKey(memberId);
    }

    /** With another target of a member; null if it has none any more. */
    public Targets with(String memberId, @Nullable PartitionSet target) {
        return new Targets(epoch, timeMs, target == null ? byMember.minus(memberId) : byMember.plus(memberId, target));
    }

    /** At another epoch; null if there is none any more. */
    public Targets at(ConsumerGroupTargetEpochRecord.@Nullable Value value) {
        return value == null
                ? new Targets(NO_EPOCH, ConsumerGroupTargetEpochRecord.Value.NO_TIME, byMember)
                : new Targets(value.assignmentEpoch(), value.assignmentTimeMs(), byMember);
    }
}
