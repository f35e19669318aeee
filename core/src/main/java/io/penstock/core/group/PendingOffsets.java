package io.penstock.core.group;

import io.penstock.core.group.record.CommittedOffset;
import io.penstock.core.group.record.OffsetRecord;
import io.penstock.core.group.record.TransactionProducer;
import io.penstock.core.group.record.TransactionalOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ObjIntConsumer;
import org.apache.kafka.common.Uuid;

/**
 * Offsets of transactions that are under way. They become committed ones with the marker that commits their transaction, unless one
 * that stands later in the log than they do has been committed meanwhile: that is the newer one, and the one that compaction keeps.
 *
 * <p>Changes only by what is in the log, in its order. Owned by one {@link CoordinatorShard}.
 */
final class PendingOffsets {
    private final Map<Long, Transaction> byProducer = new HashMap<>();
    /** Producers with a pending offset, by group, topic and partition; nothing in it is empty. */
    private final Map<String, Map<String, Map<Integer, List<Long>>>> producers = new HashMap<>();

    /** Counts entries of the log, so that it tells which of two is the later one. */
    private long position;

    private record Key(String groupId, String topic, int partition) {
        static Key of(OffsetRecord record) {
            return new Key(record.groupId(), record.topic(), record.partition());
        }
    }

    /**
     * One offset.
     *
     * @param position of the record among all that this class has heard of
     * @param isOutdated whether a later one has been committed
     */
    private record Pending(OffsetRecord record, long position, boolean isOutdated) {}

    /** What one producer has committed; newest epoch, and offsets in the order of the log. */
    private static final class Transaction {
        short epoch;
        final LinkedHashMap<Key, Pending> offsets = new LinkedHashMap<>();
    }

    // ---- replay

    /** An offset has been written in a transaction; it takes the place of an earlier one of the same transaction. */
    void add(TransactionalOffset entry) {
        TransactionProducer producer = entry.producer();
        Transaction transaction = byProducer.computeIfAbsent(producer.id(), id -> new Transaction());
        transaction.epoch = producer.epoch();
        Key key = Key.of(entry.record());
        boolean isFirst = transaction.offsets.remove(key) == null;
        transaction.offsets.put(key, new Pending(entry.record(), ++position, false));
        if (isFirst) {
            producers
                    .computeIfAbsent(key.groupId(), id -> new TreeMap<>())
                    .computeIfAbsent(key.topic(), name -> new TreeMap<>())
                    .computeIfAbsent(key.partition(), index -> new ArrayList<>(1))
                    .add(producer.id());
        }
    }

    /** An offset outside of any transaction has been written: what is pending for its partition is older. */
    void onCommitted(OffsetRecord record) {
        outdate(Key.of(record), Long.MAX_VALUE);
    }

    /** What is pending stays so until its transaction ends, but does not count then. */
    private void outdate(Key key, long beforePosition) {
        for (long producerId : producersOf(key)) {
            Transaction transaction = byProducer.get(producerId);
            Pending pending = transaction == null ? null : transaction.offsets.get(key);
            if (transaction != null && pending != null && pending.position() < beforePosition) {
                transaction.offsets.put(key, new Pending(pending.record(), pending.position(), true));
            }
        }
    }

    /** An offset has been forgotten, and with it what is pending for its partition. */
    void onForgotten(OffsetRecord tombstone) {
        Key key = Key.of(tombstone);
        for (long producerId : List.copyOf(producersOf(key))) {
            remove(producerId, key);
        }
    }

    private void remove(long producerId, Key key) {
        Transaction transaction = byProducer.get(producerId);
        if (transaction != null && transaction.offsets.remove(key) != null) {
            unlink(producerId, key);
            if (transaction.offsets.isEmpty()) {
                byProducer.remove(producerId);
            }
        }
    }

    /**
     * A transaction has ended: nothing of it is pending any more.
     *
     * @return the offsets that are committed by it, in the order of the log; none if it was aborted or has written none
     */
    List<OffsetRecord> end(long producerId, boolean isCommit) {
        Transaction ended = byProducer.remove(producerId);
        if (ended == null) {
            return List.of();
        }
        List<OffsetRecord> committed = new ArrayList<>();
        ended.offsets.forEach((key, pending) -> {
            unlink(producerId, key);
            if (isCommit && !pending.isOutdated()) {
                committed.add(pending.record());
                outdate(key, pending.position());
            }
        });
        return committed;
    }

    private void unlink(long producerId, Key key) {
        Map<String, Map<Integer, List<Long>>> topics = producers.get(key.groupId());
        Map<Integer, List<Long>> partitions = topics == null ? null : topics.get(key.topic());
        List<Long> ids = partitions == null ? null : partitions.get(key.partition());
        if (topics == null || partitions == null || ids == null) {
            return;
        }
        ids.remove((Long) producerId);
        if (ids.isEmpty()) {
            partitions.remove(key.partition());
        }
        if (partitions.isEmpty()) {
            topics.remove(key.topic());
        }
        if (topics.isEmpty()) {
            producers.remove(key.groupId());
        }
    }

    // ---- questions

    private List<Long> producersOf(Key key) {
        return partitions(key.groupId(), key.topic()).getOrDefault(key.partition(), List.of());
    }

    private Map<Integer, List<Long>> partitions(String groupId, String topic) {
        return producers.getOrDefault(groupId, Map.of()).getOrDefault(topic, Map.of());
    }

    /** Whether the producer has a transaction in that epoch which has written an offset. */
    boolean isOpen(TransactionProducer producer) {
        Transaction transaction = byProducer.get(producer.id());
        return transaction != null && transaction.epoch == producer.epoch();
    }

    /** Whether anything is pending for the group. */
    boolean isIn(String groupId) {
        return producers.containsKey(groupId);
    }

    /** Indexes of the partitions of a topic for which something is pending; not to be changed. */
    Set<Integer> in(String groupId, String topic) {
        return partitions(groupId, topic).keySet();
    }

    /** Whether something is pending that was committed for a topic of that id, as far as either is known. */
    boolean isForTopic(String groupId, String topic, int partition, Uuid topicId) {
        Key key = new Key(groupId, topic, partition);
        for (long producerId : producersOf(key)) {
            Transaction transaction = byProducer.get(producerId);
            Pending pending = transaction == null ? null : transaction.offsets.get(key);
            CommittedOffset offset = pending == null ? null : pending.record().offset();
            if (offset != null && offset.isForTopic(topicId)) {
                return true;
            }
        }
        return false;
    }

    /** Tells each topic and partition for which something is pending, in order. */
    void forEach(String groupId, ObjIntConsumer<String> consumer) {
        producers
                .getOrDefault(groupId, Map.of())
                .forEach((topic, partitions) -> partitions.keySet().forEach(index -> consumer.accept(topic, index)));
    }

    /** Adds the ids of groups for which something is pending in a topic. */
    void addGroupsWith(String topic, Set<String> groupIds) {
        producers.forEach((groupId, topics) -> {
            if (topics.containsKey(topic)) {
                groupIds.add(groupId);
            }
        });
    }
}
