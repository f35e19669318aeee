package io.penstock.core.transaction;

import io.penstock.core.group.record.CorruptGroupRecordException;
import io.penstock.core.group.record.EncodedRecord;
import io.penstock.core.group.record.UnstorableRecordException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.utils.ByteUtils;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads records in Kafka's format. Stateless.
 *
 * <pre>
 * key   := int16 0, transactional id
 * value := int16 version, int64 producer id, int16 epoch, int32 timeout, int8 status, [topic, [int32 partition]], null if empty,
 *          int64 last update, int64 start, and from version 1 on the tagged fields
 *          0: int64 previous producer id   1: int64 next producer id   2: int16 the client's transaction version
 * </pre>
 *
 * <p>Version 1 has lengths of variable size. Which version is written depends on the cluster's {@code transaction.version}.
 */
public final class TransactionRecordCodec {
    private static final short KEY_VERSION = 0;
    private static final short CLASSIC = 0;
    private static final short FLEXIBLE = 1;
    /** All fields of a value that always have the same size, with room for three tagged ones and the lengths. */
    private static final int FIXED_BYTES = 96;

    private static final int MAX_LENGTH_BYTES = 5;

    private static final int PREVIOUS_PRODUCER_ID = 0;
    private static final int NEXT_PRODUCER_ID = 1;
    private static final int CLIENT_VERSION = 2;

    private TransactionRecordCodec() {}

    /** The version of values at a level of {@code transaction.version}. */
    static short valueVersion(short transactionVersion) {
        return transactionVersion >= 1 ? FLEXIBLE : CLASSIC;
    }

    /**
     * Writes a record.
     *
     * @param valueVersion 0 or 1
     * @throws UnstorableRecordException the transactional id is too long for the format
     */
    static EncodedRecord encode(TransactionRecord record, short valueVersion) {
        TransactionState state = record.state();
        return new EncodedRecord(
                encodeKey(record.transactionalId()), state == null ? null : encodeValue(state, valueVersion));
    }

    private static byte[] encodeKey(String transactionalId) {
        byte[] id = transactionalId.getBytes(StandardCharsets.UTF_8);
        if (id.length > Short.MAX_VALUE) {
            throw new UnstorableRecordException(
                    "a transactional id of " + id.length + " bytes, but at most " + Short.MAX_VALUE + " can be stored");
        }
        return ByteBuffer.allocate(2 * Short.BYTES + id.length)
                .putShort(KEY_VERSION)
                .putShort((short) id.length)
                .put(id)
                .array();
    }

    private static byte[] encodeValue(TransactionState state, short version) {
        Map<String, List<Integer>> topics = byTopic(state.partitions());
        ByteBuffer buffer = ByteBuffer.allocate(sizeBound(topics));
        ByteBufferAccessor out = new ByteBufferAccessor(buffer);
        out.writeShort(version);
        out.writeLong(state.producerId());
        out.writeShort(state.producerEpoch());
        out.writeInt(state.timeoutMs());
        out.writeByte(state.status().id());
        if (state.status() == TransactionStatus.EMPTY) {
            writeCount(out, version, -1);
        } else {
            writeTopics(out, version, topics);
        }
        out.writeLong(state.updateMs());
        out.writeLong(state.startMs());
        if (version >= FLEXIBLE) {
            writeTags(out, state);
        }
        byte[] bytes = new byte[buffer.position()];
        buffer.flip().get(bytes);
        return bytes;
    }

    private static Map<String, List<Integer>> byTopic(Set<TopicPartition> partitions) {
        Map<String, List<Integer>> topics = new TreeMap<>();
        partitions.stream()
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .forEach(partition -> topics.computeIfAbsent(partition.topic(), topic -> new ArrayList<>())
                        .add(partition.partition()));
        return topics;
    }

    private static int sizeBound(Map<String, List<Integer>> topics) {
        long bytes = FIXED_BYTES;
        for (Map.Entry<String, List<Integer>> topic : topics.entrySet()) {
            bytes += 3L * topic.getKey().length() + 3 * MAX_LENGTH_BYTES;
            bytes += (long) Integer.BYTES * topic.getValue().size();
        }
        return Math.toIntExact(bytes);
    }

    private static void writeTopics(ByteBufferAccessor out, short version, Map<String, List<Integer>> topics) {
        writeCount(out, version, topics.size());
        topics.forEach((topic, partitions) -> {
            byte[] name = topic.getBytes(StandardCharsets.UTF_8);
            if (version >= FLEXIBLE) {
                out.writeUnsignedVarint(name.length + 1);
            } else {
                out.writeShort((short) name.length);
            }
            out.writeByteArray(name);
            writeCount(out, version, partitions.size());
            partitions.forEach(out::writeInt);
            if (version >= FLEXIBLE) {
                out.writeUnsignedVarint(0);
            }
        });
    }

    /** Length of an array; -1 for null. */
    private static void writeCount(ByteBufferAccessor out, short version, int count) {
        if (version >= FLEXIBLE) {
            out.writeUnsignedVarint(count + 1);
        } else {
            out.writeInt(count);
        }
    }

    /** A field that has its default is left out. */
    private static void writeTags(ByteBufferAccessor out, TransactionState state) {
        boolean hasPrevious = state.previousProducerId() != TransactionState.NO_ID;
        boolean hasNext = state.nextProducerId() != TransactionState.NO_ID;
        boolean hasVersion = state.clientVersion() != TransactionState.VERSION_1;
        out.writeUnsignedVarint((hasPrevious ? 1 : 0) + (hasNext ? 1 : 0) + (hasVersion ? 1 : 0));
        if (hasPrevious) {
            out.writeUnsignedVarint(PREVIOUS_PRODUCER_ID);
            out.writeUnsignedVarint(Long.BYTES);
            out.writeLong(state.previousProducerId());
        }
        if (hasNext) {
            out.writeUnsignedVarint(NEXT_PRODUCER_ID);
            out.writeUnsignedVarint(Long.BYTES);
            out.writeLong(state.nextProducerId());
        }
        if (hasVersion) {
            out.writeUnsignedVarint(CLIENT_VERSION);
            out.writeUnsignedVarint(Short.BYTES);
            out.writeShort(state.clientVersion());
        }
    }

    // ---- reading

    /**
     * Reads a record. Reads from the buffers' positions on, which move.
     *
     * @param value null is a tombstone
     * @return null for a kind of record that this broker does not know: a newer one may have left it behind
     * @throws CorruptGroupRecordException the record is of a known kind but cannot be read
     */
    public static @Nullable TransactionRecord decode(ByteBuffer key, @Nullable ByteBuffer value) {
        try {
            return key.getShort() == KEY_VERSION ? read(key, value) : null;
        } catch (CorruptGroupRecordException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new CorruptGroupRecordException("unreadable record of a transaction: " + e.getMessage(), e);
        }
    }

    private static TransactionRecord read(ByteBuffer key, @Nullable ByteBuffer value) {
        String transactionalId = text(key, key.getShort());
        return new TransactionRecord(transactionalId, value == null ? null : readValue(value));
    }

    private static TransactionState readValue(ByteBuffer in) {
        short version = in.getShort();
        if (version < CLASSIC || version > FLEXIBLE) {
            throw corrupt("expected a transaction of version 0 or 1, found " + version);
        }
        long producerId = in.getLong();
        short epoch = in.getShort();
        int timeoutMs = in.getInt();
        byte statusId = in.get();
        TransactionStatus status = TransactionStatus.of(statusId);
        if (status == null) {
            throw corrupt("expected a status of 0 to 7, found " + statusId);
        }
        Set<TopicPartition> partitions = readTopics(in, version);
        long updateMs = in.getLong();
        long startMs = in.getLong();
        Tags tags = version >= FLEXIBLE ? readTags(in) : new Tags();
        return new TransactionState(
                producerId,
                tags.previousProducerId,
                tags.nextProducerId,
                epoch,
                TransactionState.NO_EPOCH,
                timeoutMs,
                status,
                partitions,
                startMs,
                updateMs,
                tags.clientVersion);
    }

    private static Set<TopicPartition> readTopics(ByteBuffer in, short version) {
        Set<TopicPartition> partitions = new HashSet<>();
        int topicCount = readCount(in, version);
        for (int i = 0; i < topicCount; i++) {
            String topic = text(in, version >= FLEXIBLE ? ByteUtils.readUnsignedVarint(in) - 1 : in.getShort());
            int partitionCount = readCount(in, version);
            for (int j = 0; j < partitionCount; j++) {
                partitions.add(new TopicPartition(topic, in.getInt()));
            }
            if (version >= FLEXIBLE) {
                skipTags(in);
            }
        }
        return partitions;
    }

    /** Length of an array; that of null is 0. */
    private static int readCount(ByteBuffer in, short version) {
        int count = version >= FLEXIBLE ? ByteUtils.readUnsignedVarint(in) - 1 : in.getInt();
        return count == -1 ? 0 : checked(in, count);
    }

    /** Tagged fields, before one is read. */
    private static final class Tags {
        long previousProducerId = TransactionState.NO_ID;
        long nextProducerId = TransactionState.NO_ID;
        short clientVersion = TransactionState.VERSION_1;
    }

    private static Tags readTags(ByteBuffer in) {
        Tags tags = new Tags();
        int count = ByteUtils.readUnsignedVarint(in);
        for (int i = 0; i < count; i++) {
            int tag = ByteUtils.readUnsignedVarint(in);
            int length = checked(in, ByteUtils.readUnsignedVarint(in));
            int end = in.position() + length;
            switch (tag) {
                case PREVIOUS_PRODUCER_ID -> tags.previousProducerId = in.getLong();
                case NEXT_PRODUCER_ID -> tags.nextProducerId = in.getLong();
                case CLIENT_VERSION -> tags.clientVersion = in.getShort();
                default -> in.position(end);
            }
            if (in.position() != end) {
                throw corrupt("expected a tagged field up to byte " + end + ", found " + in.position());
            }
        }
        return tags;
    }

    private static void skipTags(ByteBuffer in) {
        int count = ByteUtils.readUnsignedVarint(in);
        for (int i = 0; i < count; i++) {
            ByteUtils.readUnsignedVarint(in);
            int length = checked(in, ByteUtils.readUnsignedVarint(in));
            in.position(in.position() + length);
        }
    }

    private static String text(ByteBuffer in, int length) {
        byte[] bytes = new byte[checked(in, length)];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int checked(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw corrupt("expected a length of 0 to " + in.remaining() + ", found " + length);
        }
        return length;
    }

    private static CorruptGroupRecordException corrupt(String message) {
        return new CorruptGroupRecordException(message, null);
    }
}
