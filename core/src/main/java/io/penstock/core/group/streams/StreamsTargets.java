package io.penstock.core.group.streams;

import io.penstock.core.collection.PersistentMap;
import io.penstock.core.group.record.StreamsGroupTargetEpochRecord;
import io.penstock.core.group.record.TaskAssignment;
import org.jspecify.annotations.Nullable;

/** What each member of a streams group is to have, and the group epoch for which that was computed. Immutable. */
public final class StreamsTargets {
    /** The epoch while nothing has been computed, as in Kafka: that of a group of which no record is written. */
    public static final int FIRST_EPOCH = 1;

    private static final int NO_EPOCH = -1;

    public static final StreamsTargets NONE =
            new StreamsTargets(FIRST_EPOCH, StreamsGroupTargetEpochRecord.Value.NO_TIME, PersistentMap.empty());

    private final int epoch;
    private final long timeMs;
    private final PersistentMap<String, TaskAssignment> byMember;

    private StreamsTargets(int epoch, long timeMs, PersistentMap<String, TaskAssignment> byMember) {
        this.epoch = epoch;
        this.timeMs = timeMs;
        this.byMember = byMember;
    }

    public int epoch() {
        return epoch;
    }

    /** Wall-clock time when it was computed; {@link StreamsGroupTargetEpochRecord.Value#NO_TIME} if that is not known. */
    public long timeMs() {
        return timeMs;
    }

    /** What a member is to have; nothing if it was not there yet. */
    public TaskAssignment of(String memberId) {
        TaskAssignment target = byMember.get(memberId);
        return target == null ? TaskAssignment.EMPTY : target;
    }

    /** Whether it was computed with that member. */
    public boolean has(String memberId) {
        return byMember.containsKey(memberId);
    }

    /** With another target of a member; null if it has none any more. */
    public StreamsTargets with(String memberId, @Nullable TaskAssignment target) {
        return new StreamsTargets(
                epoch, timeMs, target == null ? byMember.minus(memberId) : byMember.plus(memberId, target));
    }

    /** At another epoch; null if there is none any more. */
    public StreamsTargets at(StreamsGroupTargetEpochRecord.@Nullable Value value) {
        return value == null
                ? new StreamsTargets(NO_EPOCH, StreamsGroupTargetEpochRecord.Value.NO_TIME, byMember)
                : new StreamsTargets(value.assignmentEpoch(), value.assignmentTimeMs(), byMember);
    }
}
