package io.penstock.core.group;

import io.penstock.core.group.record.ClassicGroupRecord;
import io.penstock.core.group.record.CommittedOffset;
import io.penstock.core.group.record.GroupLogEntry;
import io.penstock.core.group.record.OffsetRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What must hold at any moment of the life of one group, whoever dies and whatever fails. Throws when it does not. */
final class GroupHistory {
    private final Map<String, String> owners = new HashMap<>();
    private final Map<String, Integer> generationOfMember = new HashMap<>();
    private final Map<Integer, Long> committed = new HashMap<>();
    private int writtenGeneration;
    private int assignments;

    /** Something is in the log. */
    void onEntry(GroupLogEntry record) {
        if (record instanceof OffsetRecord commit) {
            CommittedOffset offset = commit.offset();
            if (offset != null) {
                long before = committed.getOrDefault(commit.partition(), 0L);
                require(offset.offset() >= before, "offset of %s went from %s to %s", commit, before, offset.offset());
                committed.put(commit.partition(), offset.offset());
            }
        } else if (record instanceof ClassicGroupRecord group) {
            ClassicGroupRecord.Value value = group.value();
            if (value != null) {
                require(value.generation() >= writtenGeneration, "generation went back: %s", value);
                writtenGeneration = value.generation();
            }
        }
    }

    /** A member has been told what it owns. */
    void onAssigned(String member, int generation, List<Integer> partitions) {
        assignments++;
        int before = generationOfMember.getOrDefault(member, 0);
        require(generation >= before, "%s went from generation %s to %s", member, before, generation);
        generationOfMember.put(member, generation);
        require(generation <= writtenGeneration, "%s was told generation %s before it was written", member, generation);
        for (int partition : partitions) {
            String owner = owners.putIfAbsent(generation + "/" + partition, member);
            require(
                    owner == null || owner.equals(member),
                    "generation %s gave partition %s to %s and %s",
                    generation,
                    partition,
                    owner,
                    member);
        }
    }

    /** A member has been told where to go on. */
    void onFetched(int partition, long offset) {
        long known = committed.getOrDefault(partition, -1L);
        require(offset == known, "partition %s is committed up to %s, told %s", partition, known, offset);
    }

    int assignments() {
        return assignments;
    }

    long committedSum() {
        return committed.values().stream().mapToLong(Long::longValue).sum();
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation is in a library that only this would need
    private static void require(boolean holds, String what, Object... details) {
        if (!holds) {
            throw new AssertionError(String.format(what, details));
        }
    }
}
