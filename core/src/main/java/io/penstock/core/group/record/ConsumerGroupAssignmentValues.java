package io.penstock.core.group.record;

import io.penstock.core.group.record.ConsumerGroupCurrentAssignmentRecord.MemberState;
import io.penstock.core.group.record.ConsumerGroupCurrentAssignmentRecord.Value;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/**
 * The values of what a consumer group's member is to have and has. Stateless. Version 0, in flexible encoding.
 *
 * <pre>
 * target  := topics
 * current := member epoch: int32, previous member epoch: int32, state: int8, assigned: topics, pending revocation: topics
 * topic   := id: uuid, partitions: int32s              in current also   tag 0: epochs, one for each partition: int32s
 * </pre>
 *
 * <p>Brokers before the epochs of partitions did not write them; the member's own epoch stands in then.
 */
final class ConsumerGroupAssignmentValues {
    private static final int EPOCHS_TAG = 0;
    private static final int[] NO_EPOCHS = {};

    private ConsumerGroupAssignmentValues() {}

    // ---- target

    static byte[] encode(PartitionSet target) {
        RecordFields fields = new RecordFields();
        fields.writeShort(ConsumerGroupValues.VERSION);
        fields.writeCompactCount(target.topicCount());
        for (Uuid topicId : target.topicIds()) {
            fields.writeUuid(topicId);
            fields.writeCompactInts(target.partitions(topicId));
            fields.writeNoTags();
        }
        fields.writeNoTags();
        return fields.toBytes();
    }

    static PartitionSet decodeTarget(FieldScan fields) {
        ConsumerGroupValues.readVersion(fields, "target assignment");
        int count = fields.readCount();
        PartitionSet.Builder target = new PartitionSet.Builder();
        for (int i = 0; i < count; i++) {
            target.addAll(fields.readUuid(), fields.readCompactInts());
            fields.skipTags();
        }
        fields.skipTags();
        return target.build();
    }

    // ---- current

    static byte[] encode(Value value) {
        RecordFields fields = new RecordFields();
        fields.writeShort(ConsumerGroupValues.VERSION);
        fields.writeInt(value.memberEpoch());
        fields.writeInt(value.previousMemberEpoch());
        fields.writeByte(value.state().code());
        encode(fields, value.assigned());
        encode(fields, value.pendingRevocation());
        fields.writeNoTags();
        return fields.toBytes();
    }

    private static void encode(RecordFields fields, PartitionEpochs partitions) {
        PartitionSet set = partitions.partitions();
        fields.writeCompactCount(set.topicCount());
        for (Uuid topicId : set.topicIds()) {
            fields.writeUuid(topicId);
            fields.writeCompactInts(set.partitions(topicId));
            RecordFields epochs = new RecordFields();
            epochs.writeCompactInts(partitions.epochs(topicId));
            fields.writeTag(EPOCHS_TAG, epochs);
        }
    }

    static Value decodeCurrent(FieldScan fields) {
        ConsumerGroupValues.readVersion(fields, "current assignment");
        int memberEpoch = fields.readInt();
        int previousMemberEpoch = fields.readInt();
        MemberState state = MemberState.of(fields.readByte());
        int epochIfUnknown = Math.max(memberEpoch, 0);
        PartitionEpochs assigned = decodePartitions(fields, epochIfUnknown);
        PartitionEpochs pendingRevocation = decodePartitions(fields, epochIfUnknown);
        fields.skipTags();
        return new Value(memberEpoch, previousMemberEpoch, state, assigned, pendingRevocation);
    }

    private static PartitionEpochs decodePartitions(FieldScan fields, int epochIfUnknown) {
        Map<Uuid, Map<Integer, Integer>> found = new HashMap<>();
        int count = fields.readCount();
        for (int i = 0; i < count; i++) {
            Uuid topicId = fields.readUuid();
            int[] partitions = fields.readCompactInts();
            int[] epochs = fields.readTag(EPOCHS_TAG, FieldScan::readCompactNullableInts, NO_EPOCHS);
            found.put(topicId, byPartition(partitions, epochs, epochIfUnknown));
        }
        return PartitionEpochs.of(found);
    }

    private static Map<Integer, Integer> byPartition(int[] partitions, int[] epochs, int epochIfUnknown) {
        Map<Integer, Integer> epochByPartition = new HashMap<>();
        for (int i = 0; i < partitions.length; i++) {
            epochByPartition.put(partitions[i], epochs.length == partitions.length ? epochs[i] : epochIfUnknown);
        }
        return epochByPartition;
    }
}
