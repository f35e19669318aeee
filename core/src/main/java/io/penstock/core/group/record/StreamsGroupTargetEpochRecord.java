package io.penstock.core.group.record;

import org.jspecify.annotations.Nullable;

/**
 * The group epoch for which the target assignment of a streams group was computed; written after the targets of its members.
 *
 * @param value null is a tombstone
 */
public record StreamsGroupTargetEpochRecord(
        String groupId, @Nullable Value value) implements GroupRecord {

    public static StreamsGroupTargetEpochRecord tombstone(String groupId) {
        return new StreamsGroupTargetEpochRecord(groupId, null);
    }

    @Override
    public Type type() {
        return Type.STREAMS_GROUP_TARGET_EPOCH;
    }

    @Override
    public boolean isTombstone() {
        return value == null;
    }

    /**
     * The target's epoch.
     *
     * @param assignmentTimeMs wall-clock time when it was computed, {@link #NO_TIME} in records of old brokers
     */
    public record Value(int assignmentEpoch, long assignmentTimeMs) {
        public static final long NO_TIME = 0;
    }
}
