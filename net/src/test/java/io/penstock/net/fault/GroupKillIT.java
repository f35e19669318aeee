package io.penstock.net.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.BrokerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Consumer groups (KIP-848) whose broker is killed while their members live: members, epochs, assignments and offsets are what was
 * acknowledged, and members go on without losing anything.
 */
@Tag("long")
class GroupKillIT {
    private static final String GROUP = "g";
    private static final String TOPIC = "t";
    private static final int PARTITIONS = 6;
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(60);
    /** Ten heartbeats. */
    private static final Duration WHILE = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    private final PolledMembers members = new PolledMembers(TOPIC);
    private BrokerProcess broker;

    /** What the broker says of a member. */
    private record Known(
            Set<TopicPartition> assignment,
            Optional<Set<TopicPartition>> target,
            Optional<Integer> epoch,
            Optional<Boolean> upgraded) {
        static Known of(MemberDescription member) {
            return new Known(
                    member.assignment().topicPartitions(),
                    member.targetAssignment().map(target -> target.topicPartitions()),
                    member.memberEpoch(),
                    member.upgraded());
        }
    }

    /** What the broker says of the group. */
    private record Told(
            GroupType type,
            Optional<Integer> epoch,
            Optional<Integer> targetEpoch,
            Map<String, Known> members,
            Map<TopicPartition, Long> offsets) {}

    @BeforeEach
    void start() throws Exception {
        broker = BrokerProcess.start(
                directory.resolve("data"),
                START_LIMIT,
                "group.consumer.min.heartbeat.interval.ms=100",
                "group.consumer.heartbeat.interval.ms=200",
                "group.consumer.assignment.interval.ms=0");
        TestTopics.create(broker.bootstrap(), TOPIC, PARTITIONS, Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        members.close();
        broker.close();
    }

    private void killAndRestart() throws Exception {
        broker.kill();
        broker.restart(START_LIMIT);
    }

    private Map<String, String> consumer() {
        return Map.of("bootstrap.servers", broker.bootstrap(), "group.id", GROUP, "group.protocol", "consumer");
    }

    private Map<String, String> classic() {
        Map<String, String> properties = new HashMap<>(consumer());
        properties.put("group.protocol", "classic");
        properties.put("heartbeat.interval.ms", "200");
        properties.put("partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        return properties;
    }

    private Told told() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            ConsumerGroupDescription group = Objects.requireNonNull(admin.describeConsumerGroups(List.of(GROUP))
                            .describedGroups()
                            .get(GROUP))
                    .get();
            Map<String, Known> known =
                    group.members().stream().collect(Collectors.toMap(MemberDescription::consumerId, Known::of));
            return new Told(group.type(), group.groupEpoch(), group.targetAssignmentEpoch(), known, committed(admin));
        }
    }

    private static Map<TopicPartition, Long> committed(Admin admin) throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> found = admin.listConsumerGroupOffsets(GROUP)
                .partitionsToOffsetAndMetadata()
                .get();
        found.forEach((partition, offset) -> offsets.put(partition, offset.offset()));
        return offsets;
    }

    /** Polls until all partitions are shared out evenly and the group has come to rest. */
    private void settle() throws Exception {
        pollUntil(() -> members.areSharesEven(PARTITIONS));
        long deadlineNs = System.nanoTime() + SETTLE_LIMIT.toNanos();
        while (!isAtRest(told())) {
            assertThat(System.nanoTime()).as(() -> "at rest: " + members).isLessThan(deadlineNs);
            members.poll();
        }
    }

    private static boolean isAtRest(Told told) {
        return told.members().values().stream()
                .allMatch(member -> member.epoch().equals(told.epoch())
                        && member.target().map(member.assignment()::equals).orElse(true));
    }

    private void pollUntil(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + SETTLE_LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(members::toString).isLessThan(deadlineNs);
            members.poll();
        }
    }

    private void pollForAWhile() {
        long endNs = System.nanoTime() + WHILE.toNanos();
        pollUntil(() -> System.nanoTime() - endNs > 0);
    }

    @Test
    void shouldFindMembersEpochsAssignmentsAndOffsetsAgain() throws Exception {
        // given
        members.join(consumer());
        members.join(consumer());
        members.join(consumer());
        settle();
        members.commit(42);
        Told before = told();
        List<Set<TopicPartition>> shares = members.shares();

        // when
        killAndRestart();

        // then
        assertThat(told()).isEqualTo(before);
        members.forgetWhatHappened();
        pollForAWhile();
        members.commit(43);
        assertThat(members.events()).as("partitions that changed hands").isEmpty();
        assertThat(members.shares()).isEqualTo(shares);
        assertThat(told().members()).isEqualTo(before.members());
        assertThat(told().offsets()).hasSize(PARTITIONS).containsValue(43L).doesNotContainValue(42L);
    }

    @Test
    void shouldGoOnWithARebalanceThatAKillHasInterrupted() throws Exception {
        // given
        members.join(consumer());
        members.join(consumer());
        settle();
        for (int kill = 0; kill < 2; kill++) {
            members.commit(100 + kill);
            Map<TopicPartition, Long> acked = told().offsets();

            // when: a member has just come, or gone
            if (kill == 1) {
                members.leave(0);
            } else {
                members.join(consumer());
                members.poll();
            }
            killAndRestart();

            // then
            settle();
            assertThat(members.conflicts()).isEmpty();
            assertThat(told().offsets()).as("offsets").isEqualTo(acked);
        }
    }

    @Test
    void shouldGoOnWithAGroupThatIsMigrating() throws Exception {
        // given: members of both protocols in one group
        members.join(classic());
        pollUntil(() -> members.areSharesEven(PARTITIONS));
        members.join(consumer());
        settle();
        members.commit(7);
        Told before = told();
        List<Set<TopicPartition>> shares = members.shares();
        assertThat(before.type()).isEqualTo(GroupType.CONSUMER);
        assertThat(before.members().values()).extracting(Known::upgraded).contains(Optional.of(true));

        // when
        killAndRestart();

        // then
        assertThat(told()).isEqualTo(before);
        members.forgetWhatHappened();
        pollForAWhile();
        assertThat(members.events()).as("partitions that changed hands").isEmpty();
        assertThat(members.shares()).isEqualTo(shares);

        // when: the last member of the new protocol goes, and the broker dies again
        members.leave(1);
        pollUntil(() -> members.areSharesEven(PARTITIONS));
        members.commit(8);
        killAndRestart();

        // then
        pollForAWhile();
        Told after = told();
        assertThat(after.type()).isEqualTo(GroupType.CLASSIC);
        assertThat(after.members()).hasSize(1);
        assertThat(after.offsets()).hasSize(PARTITIONS).containsValue(8L).doesNotContainValue(7L);
        assertThat(members.conflicts()).isEmpty();
    }
}
