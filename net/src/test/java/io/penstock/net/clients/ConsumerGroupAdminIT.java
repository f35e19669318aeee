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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Kafka's Admin sees of consumer groups, and may do to them. */
@ExtendWith(AlarmExtension.class)
class ConsumerGroupAdminIT {
    private static final TopicPartition FIRST = new TopicPartition("t", 0);
    private static final TopicPartition SECOND = new TopicPartition("t", 1);

    private TestBroker broker;
    private Admin admin;

    @BeforeEach
    void start() {
        broker = TestBroker.start(
                TestBroker.Store.MEMORY,
                Map.of(
                        "group.consumer.min.heartbeat.interval.ms", "100",
                        "group.consumer.heartbeat.interval.ms", "100",
                        "group.consumer.assignment.interval.ms", "0"));
        createTopic(broker, "t", 2);
        createTopic(broker, "u", 1);
        admin = admin(broker);
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    private KafkaConsumer<String, String> member(String group, String protocol, Object... properties) {
        Object[] all = new Object[properties.length + 4];
        System.arraycopy(properties, 0, all, 4, properties.length);
        all[0] = "group.id";
        all[1] = group;
        all[2] = "group.protocol";
        all[3] = protocol;
        KafkaConsumer<String, String> consumer = consumer(broker, all);
        consumer.subscribe(List.of("t"));
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (consumer.assignment().size() < 2) {
            assertThat(System.nanoTime() - deadlineNs).isNegative();
            consumer.poll(Duration.ofMillis(50));
        }
        return consumer;
    }

    private ConsumerGroupDescription described(String group) {
        return await(
                admin.describeConsumerGroups(List.of(group)).describedGroups().get(group));
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(String group) {
        return await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    }

    @Test
    void shouldDescribeMembersAndWhatTheyHave() {
        try (KafkaConsumer<String, String> consumer =
                member("g", "consumer", "client.id", "c", "group.instance.id", "i")) {
            ConsumerGroupDescription group = described("g");

            assertThat(group.type()).isEqualTo(GroupType.CONSUMER);
            assertThat(group.groupState()).isEqualTo(GroupState.STABLE);
            assertThat(group.partitionAssignor()).isEqualTo("uniform");
            assertThat(group.groupEpoch()).hasValue(2);
            assertThat(group.targetAssignmentEpoch()).hasValue(2);
            assertThat(group.members()).hasSize(1);
            MemberDescription member = group.members().iterator().next();
            assertThat(member.consumerId()).isEqualTo(consumer.groupMetadata().memberId());
            assertThat(member.clientId()).isEqualTo("c");
            assertThat(member.groupInstanceId()).hasValue("i");
            assertThat(member.host()).startsWith("/");
            assertThat(member.memberEpoch()).hasValue(2);
            assertThat(member.upgraded()).hasValue(true);
            assertThat(member.assignment().topicPartitions()).containsExactlyInAnyOrder(FIRST, SECOND);
            assertThat(member.targetAssignment().orElseThrow().topicPartitions())
                    .containsExactlyInAnyOrder(FIRST, SECOND);
        }
    }

    @Test
    void shouldListGroupsByTypeAndState() {
        try (KafkaConsumer<String, String> classic = member("old", "classic");
                KafkaConsumer<String, String> consumer = member("new", "consumer")) {
            assertThat(listed(new ListGroupsOptions())).contains("old", "new");
            assertThat(listed(new ListGroupsOptions().withTypes(Set.of(GroupType.CONSUMER))))
                    .containsExactly("new");
            assertThat(listed(new ListGroupsOptions().withTypes(Set.of(GroupType.CLASSIC))))
                    .containsExactly("old");
            assertThat(listed(new ListGroupsOptions().inGroupStates(Set.of(GroupState.EMPTY))))
                    .isEmpty();
            assertThat(classic.assignment()).isEqualTo(consumer.assignment());
        }
        assertThat(listed(new ListGroupsOptions().inGroupStates(Set.of(GroupState.EMPTY))))
                .containsExactlyInAnyOrder("old", "new");
    }

    private List<String> listed(ListGroupsOptions options) {
        return await(admin.listGroups(options).all()).stream()
                .map(GroupListing::groupId)
                .toList();
    }

    @Test
    void shouldAlterOffsetsOnlyWhileNobodyIsInTheGroup() {
        // given
        Map<TopicPartition, OffsetAndMetadata> wanted =
                Map.of(FIRST, new OffsetAndMetadata(7, Optional.of(0), "by hand"));
        try (KafkaConsumer<String, String> consumer = member("g", "consumer")) {
            consumer.commitSync(Map.of(SECOND, new OffsetAndMetadata(2)));

            // when, then
            assertThatThrownBy(() ->
                            await(admin.alterConsumerGroupOffsets("g", wanted).all()))
                    .isInstanceOf(UnknownMemberIdException.class);
        }
        await(admin.alterConsumerGroupOffsets("g", wanted).all());
        assertThat(offsets("g")).containsEntry(FIRST, wanted.get(FIRST)).containsKey(SECOND);
    }

    @Test
    void shouldDeleteOffsetsOnlyOfTopicsThatNobodyReads() {
        // given
        TopicPartition unread = new TopicPartition("u", 0);
        await(admin.alterConsumerGroupOffsets("g", Map.of(unread, new OffsetAndMetadata(1)))
                .all());
        try (KafkaConsumer<String, String> consumer = member("g", "consumer")) {
            consumer.commitSync(Map.of(FIRST, new OffsetAndMetadata(2)));

            // when, then
            await(admin.deleteConsumerGroupOffsets("g", Set.of(unread)).partitionResult(unread));
            assertThatThrownBy(() -> await(
                            admin.deleteConsumerGroupOffsets("g", Set.of(FIRST)).partitionResult(FIRST)))
                    .isInstanceOf(GroupSubscribedToTopicException.class);
            assertThat(offsets("g")).containsOnlyKeys(FIRST);
        }
        await(admin.deleteConsumerGroupOffsets("g", Set.of(FIRST)).partitionResult(FIRST));
        assertThat(offsets("g")).doesNotContainKey(FIRST);
    }

    @Test
    void shouldDeleteOnlyGroupsWithoutMembers() {
        try (KafkaConsumer<String, String> consumer = member("g", "consumer")) {
            assertThat(consumer.assignment()).isNotEmpty();
            assertThatThrownBy(
                            () -> await(admin.deleteConsumerGroups(List.of("g")).all()))
                    .isInstanceOf(GroupNotEmptyException.class);
        }
        await(admin.deleteConsumerGroups(List.of("g")).all());
        assertThat(listed(new ListGroupsOptions())).doesNotContain("g");
    }
}
