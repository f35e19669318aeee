package io.penstock.net.programs;

import static io.penstock.net.programs.CommandLine.NO_INPUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.programs.CommandLine.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code kafka-consumer-groups} and {@code kafka-groups}. */
class GroupToolsIT {
    private static final String CONSUMER_GROUPS = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";
    private static final String GROUPS = "org.apache.kafka.tools.GroupsCommand";
    private static final int TIMEOUT_S = 20;

    /** Ten records an hour apart, the last one an hour ago. */
    private static final int RECORDS = 10;

    @TempDir
    static Path directory;

    private static BrokerProcess broker;
    private static Admin admin;

    private final Instant now = Instant.now();

    private String topic = "";
    private String group = "";

    @BeforeAll
    static void start() throws Exception {
        broker = BrokerProcess.start(directory.resolve("data"));
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
    }

    @AfterAll
    static void stop() throws Exception {
        try (BrokerProcess closedLast = broker) {
            admin.close();
        }
    }

    /** A topic of its own for each test, and a group that has committed 4 in its only partition and has no members. */
    @BeforeEach
    void prepare(TestInfo test) throws Exception {
        topic = "t" + Integer.toHexString(test.getDisplayName().hashCode());
        group = "g-" + topic;
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(TIMEOUT_S, TimeUnit.SECONDS);
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap()), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(topic, 0, hoursAgo(RECORDS - i), "k", "v" + i))
                        .get(TIMEOUT_S, TimeUnit.SECONDS);
            }
        }
        commit(4);
    }

    private long hoursAgo(int hours) {
        return now.minusSeconds(3600L * hours).toEpochMilli();
    }

    @ParameterizedTest
    @CsvSource({
        "--to-earliest, 0",
        "--to-latest, 10",
        "--to-current, 4",
        "--to-offset=7, 7",
        "--to-offset=999, 10",
        "--shift-by=3, 7",
        "--shift-by=-2, 2",
        "--shift-by=-99, 0",
        "--by-duration=PT5H30M, 5",
    })
    void shouldResetOffsets(String scenario, long expected) throws Exception {
        Outcome planned = reset(scenario, "--dry-run");
        assertThat(committed()).as("after a dry run").isEqualTo(4);
        Outcome done = reset(scenario, "--execute");

        assertThat(row(planned)).endsWith(" " + expected);
        assertThat(row(done)).endsWith(" " + expected);
        assertThat(committed()).isEqualTo(expected);
    }

    @Test
    void shouldResetOffsetsToATime() throws Exception {
        String time = Instant.ofEpochMilli(hoursAgo(3) - 1).toString();
        reset("--to-datetime=" + time, "--execute");
        assertThat(committed()).isEqualTo(7);
    }

    @Test
    void shouldExportAPlanAndCarryItOutFromTheFile() throws Exception {
        Outcome exported = groups(
                "--reset-offsets", "--group", group, "--topic", topic, "--to-offset", "8", "--export", "--dry-run");
        assertThat(exported.lines()).contains(topic + ",0,8");
        commit(2);

        Path file = Files.writeString(directory.resolve(topic + ".csv"), topic + ",0,8\n");
        groups("--reset-offsets", "--group", group, "--from-file", file.toString(), "--execute");

        assertThat(committed()).isEqualTo(8);
    }

    @Test
    void shouldDescribeAGroupWithoutMembers() {
        Outcome offsets = groups("--describe", "--group", group);
        assertThat(offsets.output()).contains("Consumer group '" + group + "' has no active members.");
        assertThat(row(offsets)).startsWith(group + " " + topic + " 0 4 10 6 -");
        assertThat(row(groups("--describe", "--group", group, "--state"))).contains("Empty 0");
        assertThat(groups("--describe", "--group", group, "--members").output()).contains("has no active members");
        assertThat(groups("--describe", "--all-groups", "--state").output()).contains(group);
    }

    @Test
    void shouldListGroupsByStateAndType() {
        assertThat(groups("--list").lines()).contains(group);
        assertThat(row(groups("--list", "--state"))).isEqualTo(group + " Empty");
        assertThat(row(groups("--list", "--type"))).isEqualTo(group + " Classic");
        assertThat(groups("--list", "--state", "stable").output()).doesNotContain(group);
        assertThat(row(KafkaTool.succeed(broker.bootstrap(), GROUPS, NO_INPUT, "--list")))
                .as("members, and so a protocol, it never had")
                .isEqualTo(group + " Classic");
        assertThat(KafkaTool.succeed(broker.bootstrap(), GROUPS, NO_INPUT, "--list", "--protocol", "connect")
                        .output())
                .doesNotContain(group);
    }

    @Test
    void shouldDescribeMembersAndProtectTheirGroup() throws Exception {
        try (GroupMember member = GroupMember.join(broker.bootstrap(), group, topic, "member-1")) {
            assertThat(row(groups("--describe", "--group", group)))
                    .startsWith(group + " " + topic + " 0 ")
                    .contains("member-1-")
                    .endsWith(" member-1");
            assertThat(row(groups("--describe", "--group", group, "--members", "--verbose")))
                    .startsWith(group + " member-1-")
                    .contains(" member-1 1 ")
                    .contains(" " + topic + ":0");
            assertThat(row(groups("--describe", "--group", group, "--state"))).contains("range Stable 1");

            assertThat(groups("--delete", "--group", group).output()).contains("GroupNotEmptyException");
            assertThat(groups("--delete-offsets", "--group", group, "--topic", topic)
                            .output())
                    .contains("GroupSubscribedToTopicException");
            assertThat(groups("--reset-offsets", "--group", group, "--topic", topic, "--to-earliest", "--execute")
                            .output())
                    .contains("can only be reset if the group '" + group + "' is inactive");
            assertThat(member.isRunning()).isTrue();
        }
    }

    @Test
    void shouldDeleteOffsetsAndThenTheGroup() throws Exception {
        Outcome offsets = groups("--delete-offsets", "--group", group, "--topic", topic);
        assertThat(offsets.output()).contains("Request succeeded for deleting offsets");
        assertThat(committedOffsets()).isEmpty();

        commit(1);
        assertThat(groups("--delete", "--group", group).output()).contains("was successful");
        assertThat(groups("--list").lines()).doesNotContain(group);
        assertThat(groups("--describe", "--group", group).output()).contains("Group " + group + " not found");
        assertThat(groups("--delete", "--group", group).output()).contains("GroupIdNotFoundException");
    }

    private Outcome reset(String scenario, String mode) {
        List<String> arguments = new ArrayList<>(List.of("--reset-offsets", "--group", group, "--topic", topic, mode));
        arguments.addAll(Arrays.asList(scenario.split("=", 2)));
        return groups(arguments.toArray(String[]::new));
    }

    private static Outcome groups(String... arguments) {
        return KafkaTool.succeed(broker.bootstrap(), CONSUMER_GROUPS, NO_INPUT, arguments);
    }

    /** The row of a table that begins with the group's name, its columns one space apart. */
    private String row(Outcome outcome) {
        return outcome.lines().stream()
                .map(line -> line.trim().replaceAll("\\s+", " "))
                .filter(line -> line.startsWith(group + " "))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row of " + group + " in\n" + outcome.output()));
    }

    private void commit(long offset) throws Exception {
        admin.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(offset)))
                .all()
                .get(TIMEOUT_S, TimeUnit.SECONDS);
    }

    private long committed() throws Exception {
        return committedOffsets().get(0);
    }

    private List<Long> committedOffsets() throws Exception {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(TIMEOUT_S, TimeUnit.SECONDS));
        return offsets.values().stream()
                .flatMapToLong(each -> LongStream.of(each.offset()))
                .boxed()
                .toList();
    }
}
