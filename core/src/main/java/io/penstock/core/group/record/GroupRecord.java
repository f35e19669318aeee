package io.penstock.core.group.record;

/**
 * One change of what a group coordinator must not forget. Immutable.
 *
 * <p>Each belongs to one group and replaces what an earlier record of the same key said; a tombstone takes it back. So compaction
 * may drop all but the newest record of a key, and replaying a record twice does no harm.
 */
public sealed interface GroupRecord permits OffsetRecord, ClassicGroupRecord {
    /** The group that the record is about. */
    String groupId();

    /** Whether it takes back what was said under its key. */
    boolean isTombstone();
}
