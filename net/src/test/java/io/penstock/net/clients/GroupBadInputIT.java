package io.penstock.net.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.TestBroker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What no client should ask of a group gets Kafka's answer for the version that it was asked in, and the connection goes on. Topic
 * {@code t} exists and has one partition; group {@code live} has one member, which waits for its assignment; group {@code simple} has
 * committed offset 5.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(AlarmExtension.class)
class GroupBadInputIT {
    private static final String LONG_ID = "g".repeat(32_000);
    private static final short OLDEST_JOIN_WITHOUT_ID = 3;

    private TestBroker broker;
    private RawClient client;
    private int correlationId;

    /** One bad request and the codes in its answer, in order. */
    private record BadInput(
            String what,
            ApiKeys api,
            int version,
            ApiMessage request,
            Function<ApiMessage, List<Short>> codes,
            List<Errors> expected) {
        @Override
        public String toString() {
            return api + " v" + version + ": " + what;
        }
    }

    @BeforeAll
    void start() throws IOException {
        broker = TestBroker.start(TestBroker.Store.MEMORY);
        Clients.createTopic(broker, "t", 1);
        String address = broker.address();
        client = RawClient.connect(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
        FindCoordinatorRequestData find = new FindCoordinatorRequestData().setCoordinatorKeys(List.of("g"));
        ask(ApiKeys.FIND_COORDINATOR, ApiKeys.FIND_COORDINATOR.latestVersion(false), find);
        ask(ApiKeys.JOIN_GROUP, OLDEST_JOIN_WITHOUT_ID, join("live", "", "consumer"));
        ask(ApiKeys.OFFSET_COMMIT, (short) 9, commit("simple", "", -1, "t", 0, 5));
    }

    @AfterAll
    void stop() throws IOException {
        client.close();
        broker.close();
    }

    private ApiMessage ask(ApiKeys api, short version, ApiMessage request) throws IOException {
        client.sendBytes(RawClient.frame(api, version, correlationId++, request));
        return client.read(api, version, ApiMessage.class);
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void shouldGetKafkasAnswer(BadInput input) throws IOException {
        // when
        ApiMessage answer = ask(input.api(), (short) input.version(), input.request());

        // then
        assertThat(input.codes().apply(answer).stream().map(Errors::forCode))
                .containsExactlyElementsOf(input.expected());
    }

    static Stream<BadInput> badInputs() {
        return Stream.of(joins(), members(), commits(), fetches(), deletions(), looks())
                .flatMap(Function.identity());
    }

    // ---- joining

    private static Stream<BadInput> joins() {
        List<BadInput> all = new ArrayList<>();
        for (int version : new int[] {0, 9}) {
            all.add(join("empty group id", version, join("", "", "consumer"), Errors.INVALID_GROUP_ID));
            all.add(join(
                    "unknown member of no group", version, join("none", "m", "consumer"), Errors.UNKNOWN_MEMBER_ID));
            all.add(join("unknown member", version, join("live", "m", "consumer"), Errors.UNKNOWN_MEMBER_ID));
            all.add(join("another kind", version, join("live", "", "connect"), Errors.INCONSISTENT_GROUP_PROTOCOL));
            all.add(join("no kind", version, join("none", "", ""), Errors.INCONSISTENT_GROUP_PROTOCOL));
            for (int sessionMs : new int[] {Integer.MIN_VALUE, 0, 5_999, 1_800_001, Integer.MAX_VALUE}) {
                JoinGroupRequestData absurd = join("none", "", "consumer").setSessionTimeoutMs(sessionMs);
                all.add(join("session of " + sessionMs, version, absurd, Errors.INVALID_SESSION_TIMEOUT));
            }
            JoinGroupRequestData without = new JoinGroupRequestData()
                    .setGroupId("none")
                    .setProtocolType("consumer")
                    .setSessionTimeoutMs(10_000);
            all.add(join("no protocols", version, without, Errors.INCONSISTENT_GROUP_PROTOCOL));
        }
        JoinGroupRequestData endless = join("patient", "", "consumer").setRebalanceTimeoutMs(Integer.MAX_VALUE);
        all.add(join("endless rebalance", 3, endless, Errors.NONE));
        JoinGroupRequestData hasty = join("hasty", "", "consumer").setRebalanceTimeoutMs(-1);
        all.add(join("negative rebalance timeout", 3, hasty, Errors.NONE));
        JoinGroupRequestData twice = join("doubled", "", "consumer");
        twice.protocols().add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[] {-1}));
        all.add(join("the same protocol twice", 3, twice, Errors.NONE));
        all.add(join("huge group id", 9, join(LONG_ID, "", "consumer"), Errors.MEMBER_ID_REQUIRED));
        all.add(join("first join", 9, join("none", "", "consumer"), Errors.MEMBER_ID_REQUIRED));
        return all.stream();
    }

    private static JoinGroupRequestData join(String group, String member, String kind) {
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setProtocolType(kind)
                .setSessionTimeoutMs(60_000)
                .setRebalanceTimeoutMs(60_000);
        request.protocols().add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[] {1}));
        return request;
    }

    private static BadInput join(String what, int version, JoinGroupRequestData request, Errors expected) {
        JoinGroupRequestData sent = request.duplicate();
        if (version < 1) {
            sent.setRebalanceTimeoutMs(-1);
        }
        return new BadInput(
                what,
                ApiKeys.JOIN_GROUP,
                version,
                sent,
                answer -> List.of(((JoinGroupResponseData) answer).errorCode()),
                List.of(expected));
    }

    // ---- members

    private static Stream<BadInput> members() {
        List<BadInput> all = new ArrayList<>();
        for (int version : new int[] {0, 5}) {
            all.add(sync("empty group id", version, "", "m", Errors.INVALID_GROUP_ID));
            all.add(sync("unknown group", version, "none", "m", Errors.UNKNOWN_MEMBER_ID));
            all.add(sync("unknown member", version, "live", "m", Errors.UNKNOWN_MEMBER_ID));
        }
        all.add(new BadInput(
                "no protocol",
                ApiKeys.SYNC_GROUP,
                5,
                new SyncGroupRequestData().setGroupId("live").setMemberId("m"),
                GroupBadInputIT::codeOfSync,
                List.of(Errors.INCONSISTENT_GROUP_PROTOCOL)));
        for (int version : new int[] {0, 4}) {
            all.add(heartbeat("empty group id", version, "", Errors.INVALID_GROUP_ID));
            all.add(heartbeat("unknown group", version, "none", Errors.UNKNOWN_MEMBER_ID));
            all.add(heartbeat("unknown member", version, "live", Errors.UNKNOWN_MEMBER_ID));
            all.add(heartbeat("huge group id", version, LONG_ID + "x", Errors.UNKNOWN_MEMBER_ID));
        }
        all.add(leave(0, "", Errors.INVALID_GROUP_ID));
        all.add(leave(0, "none", Errors.UNKNOWN_MEMBER_ID));
        all.add(leave(5, "", Errors.INVALID_GROUP_ID));
        all.add(leave(5, "none", Errors.NONE, Errors.UNKNOWN_MEMBER_ID));
        all.add(leave(5, "live", Errors.NONE, Errors.UNKNOWN_MEMBER_ID));
        return all.stream();
    }

    private static BadInput sync(String what, int version, String group, String member, Errors expected) {
        SyncGroupRequestData request =
                new SyncGroupRequestData().setGroupId(group).setMemberId(member);
        if (version >= 5) {
            request.setProtocolType("consumer").setProtocolName("range");
        }
        return new BadInput(what, ApiKeys.SYNC_GROUP, version, request, GroupBadInputIT::codeOfSync, List.of(expected));
    }

    private static List<Short> codeOfSync(ApiMessage answer) {
        return List.of(((SyncGroupResponseData) answer).errorCode());
    }

    private static BadInput heartbeat(String what, int version, String group, Errors expected) {
        return new BadInput(
                what,
                ApiKeys.HEARTBEAT,
                version,
                new HeartbeatRequestData().setGroupId(group).setMemberId("m").setGenerationId(Integer.MIN_VALUE),
                answer -> List.of(((HeartbeatResponseData) answer).errorCode()),
                List.of(expected));
    }

    private static BadInput leave(int version, String group, Errors... expected) {
        LeaveGroupRequestData request = new LeaveGroupRequestData().setGroupId(group);
        if (version < 3) {
            request.setMemberId("m");
        } else {
            request.setMembers(List.of(new MemberIdentity().setMemberId("m")));
        }
        return new BadInput(
                "group '" + group + "'",
                ApiKeys.LEAVE_GROUP,
                version,
                request,
                answer -> {
                    LeaveGroupResponseData left = (LeaveGroupResponseData) answer;
                    List<Short> codes = new ArrayList<>(List.of(left.errorCode()));
                    left.members().forEach(member -> codes.add(member.errorCode()));
                    return codes;
                },
                List.of(expected));
    }

    // ---- offsets

    private static Stream<BadInput> commits() {
        return Stream.of(
                commit("unknown topic", 2, commit("simple", "", -1, "x", 0, 1), Errors.UNKNOWN_TOPIC_OR_PARTITION),
                commit("unknown partition", 2, commit("simple", "", -1, "t", 1, 1), Errors.UNKNOWN_TOPIC_OR_PARTITION),
                commit(
                        "negative partition",
                        9,
                        commit("simple", "", -1, "t", -1, 1),
                        Errors.UNKNOWN_TOPIC_OR_PARTITION),
                commit("no such id", 10, commit("simple", "", -1, "", 0, 1), Errors.UNKNOWN_TOPIC_ID),
                commit("generation of no group", 8, commit("none2", "m", 1, "t", 0, 1), Errors.ILLEGAL_GENERATION),
                commit("generation of no group", 9, commit("none2", "m", 1, "t", 0, 1), Errors.GROUP_ID_NOT_FOUND),
                commit("from outside a live group", 2, commit("live", "", -1, "t", 0, 1), Errors.UNKNOWN_MEMBER_ID),
                commit("unknown member", 9, commit("live", "m", 1, "t", 0, 1), Errors.UNKNOWN_MEMBER_ID),
                commit("negative offset", 9, commit("negative", "", -1, "t", 0, -9), Errors.NONE),
                commit("empty group id", 9, commit("", "", -1, "t", 0, 1), Errors.NONE),
                commit("long metadata", 9, longMetadata(), Errors.OFFSET_METADATA_TOO_LARGE),
                commit("10,000 unknown topics", 9, manyTopics(), Errors.UNKNOWN_TOPIC_OR_PARTITION));
    }

    private static OffsetCommitRequestData commit(
            String group, String member, int generation, String topic, int partition, long offset) {
        return new OffsetCommitRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setGenerationIdOrMemberEpoch(generation)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName(topic)
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(offset)))));
    }

    private static OffsetCommitRequestData longMetadata() {
        OffsetCommitRequestData request = commit("simple", "", -1, "t", 0, 1);
        request.topics().get(0).partitions().get(0).setCommittedMetadata("x".repeat(4_097));
        return request;
    }

    private static OffsetCommitRequestData manyTopics() {
        OffsetCommitRequestData request = commit("simple", "", -1, "x", 0, 1);
        List<OffsetCommitRequestTopic> topics = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            topics.add(request.topics().get(0).duplicate().setName("x" + i));
        }
        return request.setTopics(topics);
    }

    private static BadInput commit(String what, int version, OffsetCommitRequestData request, Errors expected) {
        return new BadInput(
                what,
                ApiKeys.OFFSET_COMMIT,
                version,
                request,
                answer -> ((OffsetCommitResponseData) answer)
                        .topics().stream()
                                .flatMap(topic -> topic.partitions().stream())
                                .map(partition -> partition.errorCode())
                                .distinct()
                                .toList(),
                List.of(expected));
    }

    /** Nothing that was not committed is an error. */
    private static Stream<BadInput> fetches() {
        OffsetFetchRequestData old = new OffsetFetchRequestData()
                .setGroupId("none")
                .setTopics(List.of(new OffsetFetchRequestTopic().setName("x").setPartitionIndexes(List.of(7, -1))));
        OffsetFetchRequestData all = new OffsetFetchRequestData()
                .setGroups(List.of(
                        new OffsetFetchRequestGroup().setGroupId("none").setTopics(null),
                        new OffsetFetchRequestGroup().setGroupId("").setTopics(null),
                        new OffsetFetchRequestGroup().setGroupId(LONG_ID).setTopics(null)));
        return Stream.of(
                new BadInput(
                        "unknown everything",
                        ApiKeys.OFFSET_FETCH,
                        1,
                        old,
                        answer -> ((OffsetFetchResponseData) answer)
                                .topics().stream()
                                        .flatMap(topic -> topic.partitions().stream())
                                        .map(partition -> partition.errorCode())
                                        .toList(),
                        List.of(Errors.NONE, Errors.NONE)),
                new BadInput(
                        "unknown groups",
                        ApiKeys.OFFSET_FETCH,
                        10,
                        all,
                        answer -> ((OffsetFetchResponseData) answer)
                                .groups().stream()
                                        .map(group -> group.errorCode())
                                        .toList(),
                        List.of(Errors.NONE, Errors.NONE, Errors.NONE)));
    }

    private static Stream<BadInput> deletions() {
        return Stream.of(
                deleteOffset("", "t", Errors.INVALID_GROUP_ID),
                deleteOffset("none5", "t", Errors.GROUP_ID_NOT_FOUND),
                deleteOffset("simple", "x", Errors.NONE, Errors.UNKNOWN_TOPIC_OR_PARTITION),
                deleteOffset("live", "t", Errors.NONE, Errors.GROUP_SUBSCRIBED_TO_TOPIC),
                deleteGroups(0),
                deleteGroups(2));
    }

    private static BadInput deleteOffset(String group, String topic, Errors... expected) {
        OffsetDeleteRequestData request = new OffsetDeleteRequestData().setGroupId(group);
        request.topics()
                .add(new OffsetDeleteRequestTopic()
                        .setName(topic)
                        .setPartitions(List.of(new OffsetDeleteRequestPartition())));
        return new BadInput(
                "group '" + group + "', topic " + topic,
                ApiKeys.OFFSET_DELETE,
                0,
                request,
                answer -> {
                    OffsetDeleteResponseData deleted = (OffsetDeleteResponseData) answer;
                    List<Short> codes = new ArrayList<>(List.of(deleted.errorCode()));
                    deleted.topics()
                            .forEach(each -> each.partitions().forEach(partition -> codes.add(partition.errorCode())));
                    return codes;
                },
                List.of(expected));
    }

    private static BadInput deleteGroups(int version) {
        return new BadInput(
                "unknown, twice, live, unknown",
                ApiKeys.DELETE_GROUPS,
                version,
                new DeleteGroupsRequestData().setGroupsNames(List.of("none3", "none3", "live", "none6")),
                answer -> ((DeleteGroupsResponseData) answer)
                        .results().stream().map(result -> result.errorCode()).toList(),
                List.of(Errors.GROUP_ID_NOT_FOUND, Errors.NON_EMPTY_GROUP, Errors.GROUP_ID_NOT_FOUND));
    }

    // ---- looking

    private static Stream<BadInput> looks() {
        DescribeGroupsRequestData describe = new DescribeGroupsRequestData().setGroups(List.of("none4", "simple"));
        Function<ApiMessage, List<Short>> described = answer -> ((DescribeGroupsResponseData) answer)
                .groups().stream().map(group -> group.errorCode()).toList();
        ListGroupsRequestData list = new ListGroupsRequestData()
                .setStatesFilter(List.of("NoSuchState"))
                .setTypesFilter(List.of("nokind"));
        Function<ApiMessage, List<Short>> listed = answer -> {
            ListGroupsResponseData groups = (ListGroupsResponseData) answer;
            assertThat(groups.groups()).isEmpty();
            return List.of(groups.errorCode());
        };
        return Stream.of(
                new BadInput(
                        "unknown", ApiKeys.DESCRIBE_GROUPS, 0, describe, described, List.of(Errors.NONE, Errors.NONE)),
                new BadInput(
                        "unknown", ApiKeys.DESCRIBE_GROUPS, 5, describe, described, List.of(Errors.NONE, Errors.NONE)),
                new BadInput(
                        "unknown",
                        ApiKeys.DESCRIBE_GROUPS,
                        6,
                        describe,
                        described,
                        List.of(Errors.GROUP_ID_NOT_FOUND, Errors.NONE)),
                new BadInput("unknown filters", ApiKeys.LIST_GROUPS, 5, list, listed, List.of(Errors.NONE)),
                find(4, new FindCoordinatorRequestData().setKeyType((byte) 9).setCoordinatorKeys(List.of("g"))),
                find(2, new FindCoordinatorRequestData().setKeyType((byte) 9).setKey("g")));
    }

    private static BadInput find(int version, FindCoordinatorRequestData request) {
        return new BadInput(
                "unknown kind of key",
                ApiKeys.FIND_COORDINATOR,
                version,
                request,
                answer -> {
                    FindCoordinatorResponseData found = (FindCoordinatorResponseData) answer;
                    return found.coordinators().isEmpty()
                            ? List.of(found.errorCode())
                            : List.of(found.coordinators().get(0).errorCode());
                },
                List.of(Errors.INVALID_REQUEST));
    }
}
