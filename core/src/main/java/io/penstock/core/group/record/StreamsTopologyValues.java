package io.penstock.core.group.record;

import io.penstock.core.group.record.StreamsTopology.Config;
import io.penstock.core.group.record.StreamsTopology.CopartitionGroup;
import io.penstock.core.group.record.StreamsTopology.InternalTopic;
import io.penstock.core.group.record.StreamsTopology.Subtopology;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The value of a streams group's topology. Stateless. Version 0, in flexible encoding.
 *
 * <pre>
 * topology    := epoch: int32, subtopologies
 * subtopology := id: string, source topics: strings, source patterns: strings, changelogs: topics, repartition sinks: strings,
 *                repartition sources: topics, copartition groups
 * topic       := name: string, partitions: int32, replication factor: int16, configs      config := key: string, value: string
 * group       := source topics: int16s, source patterns: int16s, repartition sources: int16s
 * </pre>
 */
final class StreamsTopologyValues {
    private StreamsTopologyValues() {}

    static byte[] encode(StreamsTopology topology) {
        RecordFields fields = new RecordFields();
        fields.writeShort(StreamsGroupValues.VERSION);
        fields.writeInt(topology.epoch());
        writeAll(fields, topology.subtopologies(), StreamsTopologyValues::encode);
        fields.writeNoTags();
        return fields.toBytes();
    }

    private static void encode(RecordFields fields, Subtopology subtopology) {
        fields.writeCompactString(subtopology.id());
        fields.writeCompactStrings(subtopology.sourceTopics());
        fields.writeCompactStrings(subtopology.sourceTopicRegex());
        writeAll(fields, subtopology.stateChangelogs(), StreamsTopologyValues::encode);
        fields.writeCompactStrings(subtopology.repartitionSinks());
        writeAll(fields, subtopology.repartitionSources(), StreamsTopologyValues::encode);
        writeAll(fields, subtopology.copartitionGroups(), StreamsTopologyValues::encode);
        fields.writeNoTags();
    }

    private static void encode(RecordFields fields, InternalTopic topic) {
        fields.writeCompactString(topic.name());
        fields.writeInt(topic.partitions());
        fields.writeShort(topic.replicationFactor());
        writeAll(fields, topic.configs(), StreamsTopologyValues::encode);
        fields.writeNoTags();
    }

    private static void encode(RecordFields fields, Config config) {
        fields.writeCompactString(config.key());
        fields.writeCompactString(config.value());
        fields.writeNoTags();
    }

    private static void encode(RecordFields fields, CopartitionGroup group) {
        writeAll(fields, group.sourceTopics(), RecordFields::writeShort);
        writeAll(fields, group.sourceTopicRegex(), RecordFields::writeShort);
        writeAll(fields, group.repartitionSources(), RecordFields::writeShort);
        fields.writeNoTags();
    }

    private static <T> void writeAll(RecordFields fields, List<T> values, BiConsumer<RecordFields, T> writer) {
        fields.writeCompactCount(values.size());
        values.forEach(value -> writer.accept(fields, value));
    }

    // ---- reading

    static StreamsTopology decode(FieldScan fields) {
        StreamsGroupValues.readVersion(fields, "streams topology");
        StreamsTopology topology =
                new StreamsTopology(fields.readInt(), readAll(fields, StreamsTopologyValues::decodeSubtopology));
        fields.skipTags();
        return topology;
    }

    private static Subtopology decodeSubtopology(FieldScan fields) {
        Subtopology subtopology = new Subtopology(
                fields.readText(),
                fields.readTexts(),
                fields.readTexts(),
                readAll(fields, StreamsTopologyValues::decodeTopic),
                fields.readTexts(),
                readAll(fields, StreamsTopologyValues::decodeTopic),
                readAll(fields, StreamsTopologyValues::decodeGroup));
        fields.skipTags();
        return subtopology;
    }

    private static InternalTopic decodeTopic(FieldScan fields) {
        InternalTopic topic = new InternalTopic(
                fields.readText(),
                fields.readInt(),
                fields.readShort(),
                readAll(fields, StreamsTopologyValues::decodeConfig));
        fields.skipTags();
        return topic;
    }

    private static Config decodeConfig(FieldScan fields) {
        Config config = new Config(fields.readText(), fields.readText());
        fields.skipTags();
        return config;
    }

    private static CopartitionGroup decodeGroup(FieldScan fields) {
        CopartitionGroup group = new CopartitionGroup(
                readAll(fields, FieldScan::readShort),
                readAll(fields, FieldScan::readShort),
                readAll(fields, FieldScan::readShort));
        fields.skipTags();
        return group;
    }

    private static <T> List<T> readAll(FieldScan fields, Function<FieldScan, T> reader) {
        int count = fields.readCount();
        List<T> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(reader.apply(fields));
        }
        return values;
    }
}
