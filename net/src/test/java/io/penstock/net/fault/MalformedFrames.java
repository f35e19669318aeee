package io.penstock.net.fault;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/** Makes bad input for a Kafka port, endlessly and from a seed: whole byte sequences with their length field. */
final class MalformedFrames {
    private static final int BATCH_LENGTH_AT = 8;
    private static final int MAGIC_AT = 16;
    private static final int CRC_AT = 17;
    private static final int ATTRIBUTES_AT = 21;
    private static final int COUNT_AT = 57;

    private final Random random;
    private final String topic;

    MalformedFrames(long seed, String topic) {
        this.random = new Random(seed);
        this.topic = topic;
    }

    /** The next bad input and what is bad about it. */
    Input next() {
        return switch (random.nextInt(10)) {
            case 0 -> lyingLength();
            case 1 -> unknownKeyOrVersion();
            case 2 -> truncated();
            case 3 -> flipped();
            case 4 -> noise();
            case 5 -> new Input("produce with a damaged batch", produce(damagedBatch()));
            case 6 -> new Input("produce with compressed rubbish", produce(compressedRubbish()));
            case 7 -> new Input("produce with a bomb", produce(bomb()));
            case 8 -> new Input("produce of null or empty records", produce(random.nextBoolean() ? null : new byte[0]));
            default -> manyElements();
        };
    }

    /** @param bytes as they go onto the socket */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    record Input(String what, byte[] bytes) {}

    private Input lyingLength() {
        int[] lengths = {0, -1, 1, 7, Integer.MAX_VALUE, Integer.MIN_VALUE, 100 << 20, (100 << 20) + 1};
        int length = lengths[random.nextInt(lengths.length)];
        byte[] rest = new byte[random.nextInt(16)];
        return new Input(
                "length field " + length,
                ByteBuffer.allocate(4 + rest.length).putInt(length).put(rest).array());
    }

    private Input unknownKeyOrVersion() {
        byte[] frame = validFrame();
        short value = (short) random.nextInt(1 << 16);
        ByteBuffer.wrap(frame).putShort(random.nextBoolean() ? 4 : 6, value);
        return new Input("api key or version " + value, frame);
    }

    private Input truncated() {
        byte[] frame = validFrame();
        byte[] cut = Arrays.copyOf(frame, 4 + random.nextInt(frame.length - 4));
        ByteBuffer.wrap(cut).putInt(0, cut.length - 4);
        return new Input("frame cut at " + cut.length, cut);
    }

    private Input flipped() {
        byte[] frame = validFrame();
        for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
            frame[4 + random.nextInt(frame.length - 4)] ^= (byte) (1 << random.nextInt(8));
        }
        return new Input("flipped bits", frame);
    }

    private Input noise() {
        byte[] noise = new byte[random.nextInt(600)];
        random.nextBytes(noise);
        if (random.nextInt(8) == 0) {
            return new Input("HTTP", "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        return new Input("noise", noise);
    }

    private Input manyElements() {
        // Metadata v1: an array count far beyond the bytes that follow.
        ByteBuffer frame = ByteBuffer.allocate(32);
        frame.putInt(0).putShort((short) 3).putShort((short) 1).putInt(1).putShort((short) -1);
        frame.putInt(random.nextBoolean() ? Integer.MAX_VALUE : 50_000_000);
        frame.putInt(0, frame.position() - 4);
        return new Input("array count beyond the frame", Arrays.copyOf(frame.array(), frame.position()));
    }

    private byte[] validFrame() {
        List<byte[]> frames = List.of(
                frame(ApiKeys.API_VERSIONS, ApiKeys.API_VERSIONS.latestVersion()),
                frame(ApiKeys.METADATA, (short) random.nextInt(13)),
                frame(ApiKeys.FETCH, (short) (4 + random.nextInt(9))),
                frame(ApiKeys.LIST_OFFSETS, (short) (1 + random.nextInt(8))),
                frame(ApiKeys.CREATE_TOPICS, (short) (2 + random.nextInt(5))),
                frame(ApiKeys.DESCRIBE_CONFIGS, (short) (1 + random.nextInt(4))),
                frame(ApiKeys.INIT_PRODUCER_ID, (short) random.nextInt(5)),
                produce(batch(20, Compression.NONE)));
        return frames.get(random.nextInt(frames.size())).clone();
    }

    private static byte[] frame(ApiKeys api, short version) {
        return frame(api, version, ApiMessageType.fromApiKey(api.id).newRequest());
    }

    private static byte[] frame(ApiKeys api, short version, ApiMessage message) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion(version)
                .setCorrelationId(1)
                .setClientId("malformed");
        short headerVersion = api.requestHeaderVersion(version);
        int size = header.size(cache, headerVersion) + message.size(cache, version);
        ByteBuffer buffer = ByteBuffer.allocate(4 + size).putInt(size);
        header.write(new ByteBufferAccessor(buffer), cache, headerVersion);
        message.write(new ByteBufferAccessor(buffer), cache, version);
        return buffer.array();
    }

    private byte[] produce(byte @Nullable [] batch) {
        ProduceRequestData data = new ProduceRequestData().setAcks((short) 1).setTimeoutMs(1_000);
        MemoryRecords records = batch == null ? null : MemoryRecords.readableRecords(ByteBuffer.wrap(batch));
        ProduceRequestData.TopicProduceData topicData = new ProduceRequestData.TopicProduceData()
                .setName(topic)
                .setTopicId(Uuid.ZERO_UUID)
                .setPartitionData(new ArrayList<>(List.of(new ProduceRequestData.PartitionProduceData()
                        .setIndex(0)
                        .setRecords(records))));
        data.topicData().add(topicData);
        return frame(ApiKeys.PRODUCE, (short) (3 + random.nextInt(7)), data);
    }

    private byte[] damagedBatch() {
        ByteBuffer batch = ByteBuffer.wrap(batch(1 + random.nextInt(20), Compression.NONE));
        switch (random.nextInt(6)) {
            case 0 -> batch.putInt(CRC_AT, random.nextInt());
            case 1 -> batch.putInt(COUNT_AT, random.nextInt());
            case 2 -> batch.put(MAGIC_AT, (byte) random.nextInt(256));
            case 3 -> batch.putInt(BATCH_LENGTH_AT, random.nextInt());
            case 4 -> batch.putShort(ATTRIBUTES_AT, (short) random.nextInt());
            default -> batch.put(61 + random.nextInt(batch.capacity() - 61), (byte) random.nextInt(256));
        }
        if (random.nextBoolean()) {
            putRightCrc(batch);
        }
        return batch.array();
    }

    private byte[] compressedRubbish() {
        ByteBuffer batch = ByteBuffer.wrap(batch(20, Compression.NONE));
        for (int i = 61; i < batch.capacity(); i++) {
            batch.put(i, (byte) random.nextInt(256));
        }
        batch.putShort(ATTRIBUTES_AT, (short) (1 + random.nextInt(7)));
        putRightCrc(batch);
        return batch.array();
    }

    private byte[] bomb() {
        byte[] zeros = new byte[8 << 20];
        Compression compression = random.nextBoolean()
                ? Compression.gzip().build()
                : Compression.zstd().build();
        return bytes(MemoryRecords.withRecords(compression, new SimpleRecord(System.currentTimeMillis(), null, zeros)));
    }

    private byte[] batch(int records, Compression compression) {
        SimpleRecord[] simple = new SimpleRecord[records];
        for (int i = 0; i < records; i++) {
            simple[i] = new SimpleRecord(System.currentTimeMillis(), null, new byte[random.nextInt(100)]);
        }
        return bytes(MemoryRecords.withRecords(compression, simple));
    }

    private static byte[] bytes(MemoryRecords records) {
        byte[] bytes = new byte[records.sizeInBytes()];
        records.buffer().duplicate().get(bytes);
        return bytes;
    }

    private static void putRightCrc(ByteBuffer batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch.slice(ATTRIBUTES_AT, batch.capacity() - ATTRIBUTES_AT));
        batch.putInt(CRC_AT, (int) crc.getValue());
    }
}
