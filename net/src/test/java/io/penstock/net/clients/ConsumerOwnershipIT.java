package io.penstock.net.clients;

import static io.penstock.net.clients.Clients.admin;
import static io.penstock.net.clients.Clients.await;
import static io.penstock.net.clients.Clients.consumer;
import static io.penstock.net.clients.Clients.createTopic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.TestBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who owns which partition under the consumer protocol while members come, go, die and come back. */
@ExtendWith(AlarmExtension.class)
class ConsumerOwnershipIT {
    private static final int PARTITIONS = 6;
    private static final Duration SESSION = Duration.ofSeconds(3);

    private TestBroker broker;
    private final Owners owners = new Owners();
    private final List<KafkaConsumer<String, String>> members = new ArrayList<>();

    /** What members have been told that they own, all in the thread of the test. */
    private static final class Owners {
        private final Map<TopicPartition, String> byPartition = new HashMap<>();
        private final List<String> conflicts = new ArrayList<>();

        ConsumerRebalanceListener listener(String name) {
            return new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    for (TopicPartition partition : partitions) {
                        String before = byPartition.put(partition, name);
                        if (before != null) {
                            conflicts.add(partition + " is " + before + "'s and " + name + "'s");
                        }
                    }
                }

                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    partitions.forEach(partition -> byPartition.remove(partition, name));
                }
            };
        }

        /** The member is dead: whatever it owned is free once its session is over. */
        void forget(String name) {
            byPartition.values().removeIf(name::equals);
        }
    }

    @BeforeEach
    void start() {
        broker = TestBroker.start(
                TestBroker.Store.CHRONICLE,
                Map.of(
                        "group.consumer.min.heartbeat.interval.ms", "100",
                        "group.consumer.heartbeat.interval.ms", "100",
                        "group.consumer.min.session.timeout.ms", "1000",
                        "group.consumer.session.timeout.ms", Long.toString(SESSION.toMillis()),
                        "group.consumer.assignment.interval.ms", "0"));
        createTopic(broker, "t", PARTITIONS);
    }

    @AfterEach
    void stop() {
        members.forEach(member -> member.close(CloseOptions.timeout(Duration.ofSeconds(1))));
        broker.close();
    }

    private KafkaConsumer<String, String> join(String name, Object... properties) {
        Object[] all = new Object[properties.length + 4];
        System.arraycopy(properties, 0, all, 4, properties.length);
        all[0] = "group.id";
        all[1] = "g";
        all[2] = "group.protocol";
        all[3] = "consumer";
        KafkaConsumer<String, String> member = consumer(broker, all);
        member.subscribe(List.of("t"), owners.listener(name));
        members.add(member);
        return member;
    }

    private void leave(KafkaConsumer<String, String> member) {
        members.remove(member);
        member.close();
    }

    /** As a process that ends without a word. */
    private void die(String name, KafkaConsumer<String, String> member) {
        members.remove(member);
        member.close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.REMAIN_IN_GROUP));
        owners.forget(name);
    }

    /** Polls all members until the partitions are shared out evenly among them. */
    private void awaitEvenShares() {
        int each = PARTITIONS / members.size();
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!members.stream().allMatch(member -> member.assignment().size() == each)) {
            assertThat(System.nanoTime() - deadlineNs)
                    .as(() -> "expected " + each + " each, found " + shares())
                    .isNegative();
            members.forEach(member -> member.poll(Duration.ofMillis(20)));
        }
        assertThat(owners.conflicts).isEmpty();
        assertThat(owned()).hasSize(PARTITIONS);
    }

    private List<Set<TopicPartition>> shares() {
        return members.stream().map(KafkaConsumer::assignment).toList();
    }

    private Set<TopicPartition> owned() {
        Set<TopicPartition> all = new HashSet<>();
        shares().forEach(all::addAll);
        return all;
    }

    private ConsumerGroupDescription described() {
        try (Admin admin = admin(broker)) {
            return await(
                    admin.describeConsumerGroups(List.of("g")).describedGroups().get("g"));
        }
    }

    @Test
    void shouldNeverLetTwoMembersOwnOnePartition() {
        join("a");
        awaitEvenShares();
        KafkaConsumer<String, String> second = join("b");
        awaitEvenShares();
        KafkaConsumer<String, String> third = join("c");
        awaitEvenShares();
        leave(second);
        awaitEvenShares();
        die("c", third);
        awaitEvenShares();
    }

    @Test
    void shouldOnlyMoveWhatHasToMove() {
        // given
        KafkaConsumer<String, String> first = join("a");
        KafkaConsumer<String, String> second = join("b");
        awaitEvenShares();
        Set<TopicPartition> before = new HashSet<>(first.assignment());
        Set<TopicPartition> others = new HashSet<>(second.assignment());

        // when
        join("c");
        awaitEvenShares();

        // then
        assertThat(before).containsAll(first.assignment());
        assertThat(others).containsAll(second.assignment());
    }

    @Test
    void shouldKeepTheShareOfAStaticMemberThatComesBackInTime() {
        // given
        KafkaConsumer<String, String> first = join("a", "group.instance.id", "i-1");
        KafkaConsumer<String, String> second = join("b", "group.instance.id", "i-2");
        awaitEvenShares();
        Set<TopicPartition> before = new HashSet<>(second.assignment());
        Set<TopicPartition> others = new HashSet<>(first.assignment());

        // when
        die("b", second);
        first.poll(Duration.ofMillis(100));
        KafkaConsumer<String, String> again = join("b'", "group.instance.id", "i-2");
        awaitEvenShares();

        // then
        assertThat(again.assignment()).isEqualTo(before);
        assertThat(first.assignment()).isEqualTo(others);
    }

    @Test
    void shouldRefuseASecondStaticMemberOfTheSameName() {
        join("a", "group.instance.id", "i-1");
        awaitEvenShares();
        try (KafkaConsumer<String, String> second =
                consumer(broker, "group.id", "g", "group.protocol", "consumer", "group.instance.id", "i-1")) {
            second.subscribe(List.of("t"));
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            second.poll(Duration.ofMillis(100));
                        }
                    })
                    .isInstanceOf(UnreleasedInstanceIdException.class);
        }
    }

    @Test
    void shouldRefuseABadPattern() {
        try (KafkaConsumer<String, String> consumer = consumer(broker, "group.id", "g", "group.protocol", "consumer")) {
            consumer.subscribe(new SubscriptionPattern("(t"));
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            consumer.poll(Duration.ofMillis(100));
                        }
                    })
                    .isInstanceOf(InvalidRegularExpression.class)
                    .hasMessageContaining("(t");
        }
    }

    @Test
    void shouldKeepMembersAndSharesOverARestartOfTheBroker() {
        // given
        join("a", "client.id", "client-a");
        join("b", "client.id", "client-b", "client.rack", "r");
        awaitEvenShares();
        ConsumerGroupDescription before = described();

        // when
        broker.restart();

        // then: the log has them, though nobody has been heard of since the start
        ConsumerGroupDescription after = described();
        assertThat(after.members()).isEqualTo(before.members());
        assertThat(after.groupEpoch()).isEqualTo(before.groupEpoch());
        assertThat(after.targetAssignmentEpoch()).isEqualTo(before.targetAssignmentEpoch());
        assertThat(after.members())
                .extracting(MemberDescription::clientId)
                .containsExactlyInAnyOrder("client-a", "client-b");
    }
}
