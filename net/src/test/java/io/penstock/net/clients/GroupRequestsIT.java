package io.penstock.net.clients;

import static io.penstock.net.clients.Clients.admin;
import static io.penstock.net.clients.Clients.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.TestBroker;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData.Assignment;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData.TopicPartitions;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Consumer groups request by request, where clients would retry and hide the answer. The claims are those of Kafka's request tests. */
@ExtendWith(AlarmExtension.class)
class GroupRequestsIT {
    private static final short FIRST_COMMIT_OF_MEMBER_EPOCHS = 9;
    private static final short FIRST_COMMIT_BY_ID = 10;

    private TestBroker broker;
    private RawClient client;
    private Admin admin;

    @BeforeEach
    void start() throws IOException {
        broker = TestBroker.start(
                TestBroker.Store.MEMORY,
                Map.of(
                        "group.consumer.min.session.timeout.ms", "3000",
                        "group.consumer.session.timeout.ms", "3000",
                        "group.consumer.min.heartbeat.interval.ms", "1000",
                        "group.consumer.heartbeat.interval.ms", "1000",
                        "group.consumer.assignment.interval.ms", "0"));
        client = RawClient.connect(
                Integer.parseInt(broker.address().substring(broker.address().lastIndexOf(':') + 1)));
        admin = admin(broker);
        // finding a coordinator makes the topic of groups, without which nobody coordinates
        await(admin.listConsumerGroupOffsets("grp").partitionsToOffsetAndMetadata());
    }

    @AfterEach
    void stop() throws IOException {
        admin.close();
        client.close();
        broker.close();
    }

    private <T extends ApiMessage> T ask(ApiKeys api, short version, ApiMessage request, Class<T> type)
            throws IOException {
        client.sendBytes(RawClient.frame(api, version, 1, request));
        return client.read(api, version, type);
    }

    private ConsumerGroupHeartbeatResponseData heartbeat(ConsumerGroupHeartbeatRequestData request) throws IOException {
        return ask(ApiKeys.CONSUMER_GROUP_HEARTBEAT, (short) 1, request, ConsumerGroupHeartbeatResponseData.class);
    }

    private ConsumerGroupHeartbeatResponseData heartbeatUntil(
            ConsumerGroupHeartbeatRequestData request, Predicate<ConsumerGroupHeartbeatResponseData> condition)
            throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            ConsumerGroupHeartbeatResponseData answer = heartbeat(request);
            if (condition.test(answer)) {
                return answer;
            }
            assertThat(System.nanoTime() - deadlineNs).as(answer.toString()).isNegative();
        }
    }

    private static ConsumerGroupHeartbeatRequestData joining(String memberId) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId("grp")
                .setMemberId(memberId)
                .setMemberEpoch(0)
                .setRebalanceTimeoutMs(300_000)
                .setSubscribedTopicNames(List.of("foo"))
                .setTopicPartitions(List.of());
    }

    private static ConsumerGroupHeartbeatRequestData from(String memberId, int epoch) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId("grp")
                .setMemberId(memberId)
                .setMemberEpoch(epoch);
    }

    private Uuid createFoo() {
        return await(
                admin.createTopics(List.of(new NewTopic("foo", 3, (short) 1))).topicId("foo"));
    }

    private static Assignment all(Uuid topicId) {
        return new Assignment()
                .setTopicPartitions(
                        List.of(new TopicPartitions().setTopicId(topicId).setPartitions(List.of(0, 1, 2))));
    }

    // ---- heartbeats

    @Test
    void shouldJoinWaitForTheTopicAndLeave() throws IOException {
        // when
        ConsumerGroupHeartbeatResponseData joined = heartbeat(joining("m"));

        // then
        assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.NONE);
        assertThat(joined.memberId()).isEqualTo("m");
        assertThat(joined.memberEpoch()).isEqualTo(2);
        assertThat(joined.assignment()).isEqualTo(new Assignment());

        // when
        Uuid foo = createFoo();
        ConsumerGroupHeartbeatResponseData assigned =
                heartbeatUntil(from("m", 2), answer -> answer.assignment() != null && answer.memberEpoch() == 3);

        // then
        assertThat(assigned.assignment()).isEqualTo(all(foo));

        // when, then
        assertThat(heartbeat(from("m", -1)).memberEpoch()).isEqualTo(-1);
        assertThat(Errors.forCode(heartbeat(from("m", 3)).errorCode()))
                .isIn(Errors.UNKNOWN_MEMBER_ID, Errors.GROUP_ID_NOT_FOUND);
    }

    @Test
    void shouldGiveAStaticMemberItsPartitionsBackUnderAnotherId() throws IOException {
        // given
        Uuid foo = createFoo();
        ConsumerGroupHeartbeatResponseData first = heartbeat(joining("m-1").setInstanceId("i"));
        assertThat(first.assignment()).isEqualTo(all(foo));

        // when
        assertThat(heartbeat(from("m-1", -2).setInstanceId("i")).memberEpoch()).isEqualTo(-2);
        ConsumerGroupHeartbeatResponseData second = heartbeat(joining("m-2").setInstanceId("i"));

        // then
        assertThat(Errors.forCode(second.errorCode())).isEqualTo(Errors.NONE);
        assertThat(second.memberEpoch()).isEqualTo(first.memberEpoch());
        assertThat(second.assignment()).isEqualTo(all(foo));
    }

    @Test
    void shouldKeepAnInstanceIdUntilItsSessionIsOver() throws IOException {
        // given
        Uuid foo = createFoo();
        ConsumerGroupHeartbeatResponseData first = heartbeat(joining("m-1").setInstanceId("i"));

        // when
        ConsumerGroupHeartbeatRequestData other = joining("m-2").setInstanceId("i");

        // then
        assertThat(Errors.forCode(heartbeat(other).errorCode())).isEqualTo(Errors.UNRELEASED_INSTANCE_ID);
        ConsumerGroupHeartbeatResponseData second =
                heartbeatUntil(other, answer -> answer.errorCode() == Errors.NONE.code());
        assertThat(second.assignment()).isEqualTo(all(foo));
        assertThat(second.memberEpoch()).isGreaterThan(first.memberEpoch());
    }

    @Test
    void shouldFenceMembersByTheirEpochs() throws IOException {
        createFoo();
        int epoch = heartbeat(joining("m")).memberEpoch();
        assertThat(Errors.forCode(heartbeat(from("m", epoch + 1)).errorCode())).isEqualTo(Errors.FENCED_MEMBER_EPOCH);
        assertThat(Errors.forCode(heartbeat(from("stranger", epoch)).errorCode()))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldRefuseRequestsThatAreNotWhole() throws IOException {
        assertThat(Errors.forCode(heartbeat(joining("m").setGroupId("")).errorCode()))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(Errors.forCode(
                        heartbeat(joining("m").setRebalanceTimeoutMs(-1)).errorCode()))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(Errors.forCode(
                        heartbeat(joining("m").setTopicPartitions(null)).errorCode()))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(Errors.forCode(heartbeat(joining("")).errorCode())).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(Errors.forCode(
                        heartbeat(joining("m").setServerAssignor("no-such")).errorCode()))
                .isEqualTo(Errors.UNSUPPORTED_ASSIGNOR);
        assertThat(Errors.forCode(
                        heartbeat(joining("m").setSubscribedTopicRegex("[")).errorCode()))
                .isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
    }

    // ---- offsets

    private Errors commit(String group, String memberId, int epoch, Uuid topicId, short version) throws IOException {
        OffsetCommitRequestTopic topic = version >= FIRST_COMMIT_BY_ID
                ? new OffsetCommitRequestTopic().setTopicId(topicId)
                : new OffsetCommitRequestTopic().setName("foo");
        topic.partitions()
                .add(new OffsetCommitRequestPartition().setPartitionIndex(0).setCommittedOffset(100));
        OffsetCommitResponseData answer = ask(
                ApiKeys.OFFSET_COMMIT,
                version,
                new OffsetCommitRequestData()
                        .setGroupId(group)
                        .setMemberId(memberId)
                        .setGenerationIdOrMemberEpoch(epoch)
                        .setTopics(List.of(topic)),
                OffsetCommitResponseData.class);
        assertThat(answer.topics()).hasSize(1);
        assertThat(answer.topics().get(0).name()).isEqualTo(topic.name());
        assertThat(answer.topics().get(0).topicId()).isEqualTo(topic.topicId());
        return Errors.forCode(answer.topics().get(0).partitions().get(0).errorCode());
    }

    @Test
    void shouldTakeCommitsOfMembersInVersionsThatKnowTheirEpochs() throws IOException {
        Uuid foo = createFoo();
        int epoch = heartbeat(joining("m")).memberEpoch();
        for (short version = ApiKeys.OFFSET_COMMIT.oldestVersion();
                version <= ApiKeys.OFFSET_COMMIT.latestVersion();
                version++) {
            boolean isNew = version >= FIRST_COMMIT_OF_MEMBER_EPOCHS;
            Errors unknownGroup = isNew ? Errors.GROUP_ID_NOT_FOUND : Errors.ILLEGAL_GENERATION;
            String why = "version " + version;

            assertThat(commit("grp", "m", epoch, foo, version))
                    .as(why)
                    .isEqualTo(isNew ? Errors.NONE : Errors.UNSUPPORTED_VERSION);
            assertThat(commit("unknown", "m", epoch, foo, version)).as(why).isEqualTo(unknownGroup);
            assertThat(commit("", "m", epoch, foo, version)).as(why).isEqualTo(unknownGroup);
            assertThat(commit("grp", "", epoch, foo, version)).as(why).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
            assertThat(commit("grp", "m", epoch + 1, foo, version))
                    .as(why)
                    .isEqualTo(isNew ? Errors.STALE_MEMBER_EPOCH : Errors.UNSUPPORTED_VERSION);
            assertThat(commit("other-grp", "", -1, foo, version)).as(why).isEqualTo(Errors.NONE);
        }
        assertThat(commit("other-grp", "", -1, Uuid.randomUuid(), FIRST_COMMIT_BY_ID))
                .isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    }

    private OffsetFetchResponseGroup fetch(OffsetFetchRequestGroup group, short version) throws IOException {
        return ask(
                        ApiKeys.OFFSET_FETCH,
                        version,
                        new OffsetFetchRequestData().setGroups(List.of(group)),
                        OffsetFetchResponseData.class)
                .groups()
                .get(0);
    }

    @Test
    void shouldTellOffsetsByTopicIdAndOnlyToMembersWhoseEpochHolds() throws IOException {
        // given
        Uuid foo = createFoo();
        int epoch = heartbeat(joining("m")).memberEpoch();
        assertThat(commit("grp", "m", epoch, foo, FIRST_COMMIT_BY_ID)).isEqualTo(Errors.NONE);
        OffsetFetchRequestGroup group = new OffsetFetchRequestGroup()
                .setGroupId("grp")
                .setMemberId("m")
                .setMemberEpoch(epoch)
                .setTopics(List.of(
                        new OffsetFetchRequestTopics().setTopicId(foo).setPartitionIndexes(List.of(0, 1, 5)),
                        new OffsetFetchRequestTopics()
                                .setTopicId(new Uuid(1, 2))
                                .setPartitionIndexes(List.of(0))));

        // when
        OffsetFetchResponseGroup answer = fetch(group, (short) 10);
        List<OffsetFetchResponseTopics> topics = answer.topics();

        // then
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        assertThat(topics).extracting(OffsetFetchResponseTopics::topicId).containsExactly(foo, new Uuid(1, 2));
        assertThat(topics.get(0).partitions())
                .extracting(partition -> partition.committedOffset())
                .containsExactly(100L, -1L, -1L);
        assertThat(topics.get(1).partitions().get(0).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
        assertThat(fetch(group.duplicate().setMemberEpoch(epoch + 1), (short) 10)
                        .errorCode())
                .isEqualTo(Errors.STALE_MEMBER_EPOCH.code());
        assertThat(fetch(group.duplicate().setMemberId("x"), (short) 10).errorCode())
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
        assertThat(fetch(group.duplicate().setMemberId(null).setMemberEpoch(-1), (short) 10)
                        .errorCode())
                .isEqualTo(Errors.NONE.code());
        assertThat(fetch(group.duplicate().setMemberId("").setMemberEpoch(-1), (short) 10)
                        .errorCode())
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
        assertThat(fetch(group.duplicate().setTopics(null), (short) 10).topics())
                .hasSize(1);
    }

    @Test
    void shouldNotTellOffsetsOfATopicThatWasMadeAgain() throws IOException {
        // given
        Uuid old = createFoo();
        assertThat(commit("g", "", -1, old, FIRST_COMMIT_BY_ID)).isEqualTo(Errors.NONE);
        await(admin.deleteTopics(List.of("foo")).all());
        Uuid again = createFoo();

        // when
        OffsetFetchRequestTopics asked =
                new OffsetFetchRequestTopics().setTopicId(again).setPartitionIndexes(List.of(0));
        OffsetFetchResponseGroup answer =
                fetch(new OffsetFetchRequestGroup().setGroupId("g").setTopics(List.of(asked)), (short) 10);

        // then
        assertThat(answer.topics().get(0).partitions().get(0).committedOffset()).isEqualTo(-1);
        assertThat(commit("g", "", -1, old, FIRST_COMMIT_BY_ID)).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    }
}
