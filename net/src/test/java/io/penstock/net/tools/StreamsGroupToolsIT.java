package io.penstock.net.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.clients.Clients;
import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.TestBroker;
import io.penstock.net.streams.WordCount;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListStreamsGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code kafka-streams-groups} and {@code kafka-streams-application-reset}, with an application that runs and after it has ended. */
@ExtendWith(AlarmExtension.class)
class StreamsGroupToolsIT {
    private static final TopicPartition INPUT = new TopicPartition("lines", 0);

    private TestBroker broker;
    private Admin admin;
    private WordCount application;

    @BeforeEach
    void start() {
        broker = TestBroker.start(
                TestBroker.Store.MEMORY,
                Map.of(
                        "group.streams.min.heartbeat.interval.ms", "100",
                        "group.streams.heartbeat.interval.ms", "100",
                        "group.streams.initial.rebalance.delay.ms", "0",
                        "group.streams.assignment.interval.ms", "0"));
        admin = Clients.admin(broker);
        Clients.createTopic(broker, "lines", 1);
        Clients.createTopic(broker, "counts", 1);
        try (KafkaProducer<String, String> producer = Clients.producer(broker)) {
            Clients.send(producer, "lines", "a b");
            Clients.send(producer, "lines", "b");
        }
        application = new WordCount(broker, "streams").awaitRunning(2);
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (committed() != 2) {
            assertThat(System.nanoTime() - deadlineNs).isNegative();
        }
    }

    @AfterEach
    void stop() {
        application.close();
        admin.close();
        broker.close();
    }

    private long committed() {
        OffsetAndMetadata offset = Clients.await(
                        admin.listStreamsGroupOffsets(Map.of(WordCount.APPLICATION, new ListStreamsGroupOffsetsSpec()))
                                .partitionsToOffsetAndMetadata(WordCount.APPLICATION))
                .get(INPUT);
        return offset == null ? -1 : offset.offset();
    }

    private Tool tool() {
        return new Tool(broker, "org.apache.kafka.tools.streams.StreamsGroupCommand");
    }

    private String describe(String... more) {
        String[] all = new String[more.length + 3];
        all[0] = "--describe";
        all[1] = "--group";
        all[2] = WordCount.APPLICATION;
        System.arraycopy(more, 0, all, 3, more.length);
        return tool().succeed(all);
    }

    @Test
    void shouldListAndDescribeARunningApplication() {
        assertThat(tool().succeed("--list")).contains(WordCount.APPLICATION);
        assertThat(tool().succeed("--list", "--state")).contains(WordCount.APPLICATION, "Stable");
        assertThat(tool().succeed("--list", "--state", "Empty")).doesNotContain(WordCount.APPLICATION);
        assertThat(describe("--state")).contains("Stable");
        assertThat(describe("--state", "--verbose")).contains("GROUP-EPOCH", "TARGET-ASSIGNMENT-EPOCH");
        assertThat(describe("--members")).contains("ACTIVE: 0:[0]; 1:[0]");
        assertThat(describe("--members", "--verbose")).contains("TARGET-ACTIVE", "MEMBER-EPOCH");
        assertThat(describe()).contains("lines", WordCount.REPARTITION);
        assertThat(describe("--offsets", "--verbose")).contains("CURRENT-OFFSET", "LEADER-EPOCH");
        assertThat(new Tool(broker, "org.apache.kafka.tools.GroupsCommand").succeed("--list"))
                .containsPattern(WordCount.APPLICATION + "\\s+Streams\\s+streams");
    }

    @Test
    void shouldRefuseToDeleteOrResetWhileTheApplicationRuns() {
        assertThat(tool().run("--delete", "--group", WordCount.APPLICATION).output())
                .contains("is not EMPTY");
        assertThat(tool().run(
                                "--reset-offsets",
                                "--group",
                                WordCount.APPLICATION,
                                "--all-input-topics",
                                "--to-earliest",
                                "--execute")
                        .output())
                .contains("Stable");
        assertThat(committed()).isEqualTo(2);
    }

    @Test
    void shouldResetDeleteOffsetsAndDeleteTheGroupWhenTheApplicationHasEnded() {
        // given
        application.close();

        // when, then
        String reset = tool().succeed(
                        "--reset-offsets",
                        "--group",
                        WordCount.APPLICATION,
                        "--input-topic",
                        "lines",
                        "--to-earliest",
                        "--execute");
        assertThat(reset).contains("lines");
        assertThat(committed()).isZero();

        // when, then
        tool().succeed("--delete-offsets", "--group", WordCount.APPLICATION, "--input-topic", "lines");
        assertThat(committed()).isEqualTo(-1);

        // when, then
        assertThat(tool().succeed("--delete", "--group", WordCount.APPLICATION, "--delete-all-internal-topics"))
                .contains("Deletion of requested streams groups");
        assertThat(tool().succeed("--list")).doesNotContain(WordCount.APPLICATION);
        assertThat(Clients.await(admin.listTopics().names())).containsExactlyInAnyOrder("lines", "counts");
    }

    @Test
    void shouldResetAnApplicationOfTheClassicProtocol() {
        // given: it takes the place of the group of the other protocol, which has ended
        application.close();
        new WordCount(broker, "classic").awaitRunning(2).close();

        // when
        new Tool(broker, "org.apache.kafka.tools.StreamsResetter")
                .succeed("--application-id", WordCount.APPLICATION, "--input-topics", "lines", "--force");

        // then
        assertThat(Clients.await(admin.listConsumerGroupOffsets(WordCount.APPLICATION)
                                .partitionsToOffsetAndMetadata())
                        .get(INPUT))
                .isNotNull()
                .extracting(OffsetAndMetadata::offset)
                .isEqualTo(0L);
        assertThat(Clients.await(admin.listTopics().names())).containsExactlyInAnyOrder("lines", "counts");
    }
}
