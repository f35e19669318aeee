package io.penstock.core.group;

import io.penstock.core.group.record.CommittedOffset;
import io.penstock.core.group.record.GroupLogEntry;
import io.penstock.core.group.record.OffsetRecord;
import io.penstock.core.group.record.TransactionEnd;
import io.penstock.core.group.record.TransactionalOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a log says about offsets, in the plainest way: Kafka's rule, by which an offset counts when its transaction is committed unless
 * a record with a higher offset in the log counts already.
 */
final class ReferenceOffsets {
    private final Map<String, Stored> committed = new TreeMap<>();
    private final Map<Long, Map<String, Stored>> pending = new HashMap<>();
    /** Whatever transactions under way have written. */
    private final Map<Long, Set<Long>> written = new HashMap<>();
    /** Every offset that was written in a transaction which was then committed, whether or not it counts. */
    private final Set<Long> ended = new HashSet<>();

    private long position;

    private record Stored(long offset, long position) {}

    void onEntry(GroupLogEntry entry) {
        position++;
        if (entry instanceof OffsetRecord record) {
            onRecord(record);
        } else if (entry instanceof TransactionalOffset offset) {
            Stored stored = stored(offset.record());
            written.computeIfAbsent(offset.producer().id(), id -> new HashSet<>())
                    .add(stored.offset());
            pending.computeIfAbsent(offset.producer().id(), id -> new TreeMap<>())
                    .put(key(offset.record()), stored);
        } else if (entry instanceof TransactionEnd end) {
            onEnd(end);
        }
    }

    private void onRecord(OffsetRecord record) {
        if (record.isTombstone()) {
            committed.remove(key(record));
            pending.values().forEach(offsets -> offsets.remove(key(record)));
        } else {
            committed.put(key(record), stored(record));
        }
    }

    private void onEnd(TransactionEnd end) {
        Map<String, Stored> offsets = pending.remove(end.producerId());
        Set<Long> all = written.remove(end.producerId());
        if (offsets == null || all == null || !end.isCommit()) {
            return;
        }
        ended.addAll(all);
        offsets.forEach((key, stored) -> {
            Stored known = committed.get(key);
            if (known == null || stored.position() > known.position()) {
                committed.put(key, stored);
            }
        });
    }

    private Stored stored(OffsetRecord record) {
        CommittedOffset offset = record.offset();
        return new Stored(offset == null ? -1 : offset.offset(), position);
    }

    private static String key(OffsetRecord record) {
        return key(record.groupId(), record.topic(), record.partition());
    }

    static String key(String groupId, String topic, int partition) {
        return groupId + "/" + topic + "/" + partition;
    }

    /** Committed offsets by group, topic and partition. */
    Map<String, Long> committed() {
        Map<String, Long> offsets = new TreeMap<>();
        committed.forEach((key, stored) -> offsets.put(key, stored.offset()));
        return offsets;
    }

    /** Groups, topics and partitions for which a transaction under way has written something. */
    Set<String> unstable() {
        Set<String> keys = new TreeSet<>();
        pending.values().forEach(offsets -> keys.addAll(offsets.keySet()));
        return keys;
    }

    /** Whether a marker has committed that very offset. */
    boolean hasEnded(long offset) {
        return ended.contains(offset);
    }
}
