package io.penstock.core.group.record;

import io.penstock.core.group.record.StreamsGroupCurrentAssignmentRecord.MemberState;
import io.penstock.core.group.record.StreamsGroupCurrentAssignmentRecord.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.IntStream;

/**
 * The values of what a streams group's member is to have and has. Stateless. Version 0, in flexible encoding.
 *
 * <pre>
 * target  := active: tasks, standby: tasks, warm-up: tasks
 * current := member epoch: int32, previous member epoch: int32, state: int8,
 *            active: tasks with epochs, standby: tasks, warm-up: tasks, then the three again of what is to be revoked
 * tasks   := subtopology: string, partitions: int32s            with epochs   tag 0: epochs, one for each partition: int32s
 * </pre>
 *
 * <p>Brokers before the epochs of tasks did not write them; the member's own epoch stands in then.
 */
final class StreamsAssignmentValues {
    private static final int EPOCHS_TAG = 0;
    private static final int[] NO_EPOCHS = {};

    private StreamsAssignmentValues() {}

    // ---- target

    static byte[] encode(TaskAssignment target) {
        RecordFields fields = new RecordFields();
        fields.writeShort(StreamsGroupValues.VERSION);
        encode(fields, target.active());
        encode(fields, target.standby());
        encode(fields, target.warmup());
        fields.writeNoTags();
        return fields.toBytes();
    }

    static TaskAssignment decodeTarget(FieldScan fields) {
        StreamsGroupValues.readVersion(fields, "streams target assignment");
        TaskAssignment target = new TaskAssignment(decodeTasks(fields), decodeTasks(fields), decodeTasks(fields));
        fields.skipTags();
        return target;
    }

    // ---- current

    static byte[] encode(Value value) {
        RecordFields fields = new RecordFields();
        fields.writeShort(StreamsGroupValues.VERSION);
        fields.writeInt(value.memberEpoch());
        fields.writeInt(value.previousMemberEpoch());
        fields.writeByte(value.state().code());
        encode(fields, value.assigned());
        encode(fields, value.pendingRevocation());
        fields.writeNoTags();
        return fields.toBytes();
    }

    private static void encode(RecordFields fields, HeldTasks tasks) {
        encode(fields, tasks.active());
        encode(fields, tasks.standby());
        encode(fields, tasks.warmup());
    }

    static Value decodeCurrent(FieldScan fields) {
        StreamsGroupValues.readVersion(fields, "streams current assignment");
        int memberEpoch = fields.readInt();
        int previousMemberEpoch = fields.readInt();
        MemberState state = MemberState.of(fields.readByte());
        HeldTasks assigned = decodeHeld(fields, memberEpoch);
        HeldTasks pendingRevocation = decodeHeld(fields, memberEpoch);
        fields.skipTags();
        return new Value(memberEpoch, previousMemberEpoch, state, assigned, pendingRevocation);
    }

    private static HeldTasks decodeHeld(FieldScan fields, int epochIfUnknown) {
        return new HeldTasks(decodeEpochs(fields, epochIfUnknown), decodeTasks(fields), decodeTasks(fields));
    }

    // ---- tasks

    private static void encode(RecordFields fields, TaskSet tasks) {
        SortedMap<String, SortedSet<Integer>> bySubtopology = tasks.bySubtopology();
        fields.writeCompactCount(bySubtopology.size());
        bySubtopology.forEach((subtopologyId, partitions) -> {
            fields.writeCompactString(subtopologyId);
            fields.writeCompactInts(ints(partitions));
            fields.writeNoTags();
        });
    }

    private static void encode(RecordFields fields, TaskEpochs tasks) {
        SortedMap<String, SortedMap<Integer, Integer>> bySubtopology = tasks.bySubtopology();
        fields.writeCompactCount(bySubtopology.size());
        bySubtopology.forEach((subtopologyId, own) -> {
            fields.writeCompactString(subtopologyId);
            fields.writeCompactInts(ints(own.keySet()));
            RecordFields epochs = new RecordFields();
            epochs.writeCompactInts(ints(own.values()));
            fields.writeTag(EPOCHS_TAG, epochs);
        });
    }

    private static int[] ints(Iterable<Integer> values) {
        IntStream.Builder ints = IntStream.builder();
        values.forEach(ints::add);
        return ints.build().toArray();
    }

    private static TaskSet decodeTasks(FieldScan fields) {
        TaskSet.Builder tasks = new TaskSet.Builder();
        int count = fields.readCount();
        for (int i = 0; i < count; i++) {
            String subtopologyId = fields.readText();
            List<Integer> partitions =
                    IntStream.of(fields.readCompactInts()).boxed().toList();
            tasks.addAll(subtopologyId, partitions);
            fields.skipTags();
        }
        return tasks.build();
    }

    private static TaskEpochs decodeEpochs(FieldScan fields, int epochIfUnknown) {
        Map<String, Map<Integer, Integer>> found = new HashMap<>();
        int count = fields.readCount();
        for (int i = 0; i < count; i++) {
            String subtopologyId = fields.readText();
            int[] partitions = fields.readCompactInts();
            int[] epochs = fields.readTag(EPOCHS_TAG, FieldScan::readCompactNullableInts, NO_EPOCHS);
            Map<Integer, Integer> own = new HashMap<>();
            for (int k = 0; k < partitions.length; k++) {
                own.put(partitions[k], epochs.length == partitions.length ? epochs[k] : epochIfUnknown);
            }
            found.put(subtopologyId, own);
        }
        return TaskEpochs.of(found);
    }
}
