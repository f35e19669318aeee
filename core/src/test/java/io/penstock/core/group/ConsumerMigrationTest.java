package io.penstock.core.group;

import static io.penstock.core.group.ConsumerFixture.CONSUMER_SETTINGS;
import static io.penstock.core.group.ConsumerFixture.GROUP;
import static io.penstock.core.group.ConsumerFixture.assigned;
import static io.penstock.core.group.ConsumerFixture.beatRequest;
import static io.penstock.core.group.ConsumerFixture.joinRequest;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.record.OpaqueBytes;
import io.penstock.core.group.record.PartitionSet;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Groups in use that change from the classic to the consumer protocol and back, and members of both in one group. */
class ConsumerMigrationTest {
    private ConsumerFixture groups = new ConsumerFixture();

    private static ConsumerFixture withPolicy(MigrationPolicy policy) {
        return new ConsumerFixture(new ConsumerGroupSettings(
                45_000,
                5_000,
                10,
                CONSUMER_SETTINGS.assignors(),
                policy,
                0,
                600_000,
                ConsumerGroupSettings.Bounds.NONE));
    }

    // ---- what classic members say

    private static byte[] subscription(int... ownedOfT) {
        ConsumerProtocolSubscription subscription = new ConsumerProtocolSubscription().setTopics(List.of("t"));
        if (ownedOfT.length > 0) {
            subscription
                    .ownedPartitions()
                    .add(new ConsumerProtocolSubscription.TopicPartition()
                            .setTopic("t")
                            .setPartitions(Arrays.stream(ownedOfT).boxed().toList()));
        }
        return bytes(MessageUtil.toVersionPrefixedByteBuffer((short) 3, subscription));
    }

    private static byte[] assignment(int... ofT) {
        ConsumerProtocolAssignment assignment = new ConsumerProtocolAssignment();
        assignment
                .assignedPartitions()
                .add(new ConsumerProtocolAssignment.TopicPartition()
                        .setTopic("t")
                        .setPartitions(Arrays.stream(ofT).boxed().toList()));
        return bytes(MessageUtil.toVersionPrefixedByteBuffer((short) 3, assignment));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] array = new byte[buffer.remaining()];
        buffer.get(array);
        return array;
    }

    private static JoinGroupRequestData classicJoin(String memberId, int... ownedOfT) {
        return Members.joinRequest(memberId).setProtocols(Members.protocols(subscription(ownedOfT), "range"));
    }

    /** A classic group of one member, which its own assignor gave all partitions. */
    private String classicGroup() {
        JoinGroupResponseData given = groups.broker.join(classicJoin("")).get();
        JoinGroupResponseData joined =
                groups.broker.join(classicJoin(given.memberId())).get();
        groups.broker.sync(Members.syncRequest(joined.memberId(), joined.generationId())
                .setAssignments(List.of(new SyncGroupRequestAssignment()
                        .setMemberId(joined.memberId())
                        .setAssignment(assignment(0, 1, 2, 3, 4, 5)))));
        assertThat(groups.state()).isEqualTo("Stable");
        return joined.memberId();
    }

    private JoinGroupResponseData join(JoinGroupRequestData request) {
        return groups.broker.join(request).get();
    }

    private Errors errorOf(JoinGroupRequestData request) {
        return Errors.forCode(join(request).errorCode());
    }

    private Errors beat(String memberId, int generation) {
        return groups.broker.heartbeat(GROUP, memberId, generation);
    }

    private SyncGroupResponseData sync(String memberId, int generation) {
        return groups.broker.sync(Members.syncRequest(memberId, generation)).get();
    }

    private static List<Integer> partitions(SyncGroupResponseData answer) {
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        ConsumerProtocolAssignment assignment =
                Objects.requireNonNull(EmbeddedProtocol.assignment(OpaqueBytes.of(answer.assignment())));
        return assignment.assignedPartitions().stream()
                .flatMap(topic -> topic.partitions().stream())
                .sorted()
                .toList();
    }

    private @Nullable Group current() {
        return groups.broker.shard.group(GROUP);
    }

    // ---- upgrade

    @Test
    void shouldTakeAClassicGroupOverWithItsMembersWhenAConsumerJoins() {
        // given
        String classic = classicGroup();

        // when
        ConsumerGroupHeartbeatResponseData answer = groups.join("a");

        // then
        assertThat(current()).isInstanceOf(ConsumerGroup.class);
        assertThat(groups.member(classic).isClassic()).isTrue();
        assertThat(groups.member(classic).assigned().partitions().partitionCount())
                .isEqualTo(6);
        assertThat(groups.group().epoch()).isEqualTo(2);
        assertThat(answer.memberEpoch()).isEqualTo(2);
        assertThat(assigned(answer)).isEmpty();
    }

    @Test
    void shouldBringClassicMembersToTheirTargetByRejoins() {
        // given
        String classic = classicGroup();
        groups.join("a");

        // when the classic member is told to join again, gives up what it must, and joins once more
        Errors told = beat(classic, 1);
        JoinGroupResponseData first = join(classicJoin(classic, 0, 1, 2, 3, 4, 5));
        List<Integer> kept = partitions(sync(classic, first.generationId()));
        Errors toldAgain = beat(classic, first.generationId());
        JoinGroupResponseData second = join(
                classicJoin(classic, kept.stream().mapToInt(Integer::intValue).toArray()));

        // then
        assertThat(told).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(toldAgain).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(kept).hasSize(3);
        assertThat(first.generationId()).isEqualTo(1);
        assertThat(second.generationId()).isEqualTo(2);
        assertThat(partitions(sync(classic, 2))).isEqualTo(kept);
        assertThat(beat(classic, 2)).isEqualTo(Errors.NONE);
        assertThat(assigned(groups.beat("a", 2))).hasSize(3).doesNotContainAnyElementsOf(kept);
        assertThat(groups.state()).isEqualTo("Stable");
    }

    @Test
    void shouldLetWaitersOfTheClassicRebalanceJoinAgain() {
        // given a member that waits for the other one
        String classic = classicGroup();
        String newId = join(classicJoin("")).memberId();
        Answer<JoinGroupResponseData> waiting = groups.broker.join(classicJoin(newId));
        assertThat(waiting.isThere()).isFalse();

        // when
        groups.join("a");

        // then
        assertThat(Errors.forCode(waiting.get().errorCode())).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(groups.group().member(classic)).isNotNull();
        assertThat(groups.group().member(newId)).isNotNull();
    }

    @Test
    void shouldBeTheSameGroupAfterARestart() {
        classicGroup();
        groups.join("a");
        ConsumerSnapshot before = ConsumerSnapshot.of(groups.group());

        groups.broker.restart();

        assertThat(ConsumerSnapshot.of(groups.group())).isEqualTo(before);
    }

    @Test
    void shouldNotUpgradeIfThePolicyForbidsIt() {
        for (MigrationPolicy policy : List.of(MigrationPolicy.DISABLED, MigrationPolicy.DOWNGRADE)) {
            groups = withPolicy(policy);
            classicGroup();

            ConsumerGroupHeartbeatResponseData answer = groups.ask(joinRequest("a"));

            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
            assertThat(answer.errorMessage())
                    .isEqualTo("Cannot upgrade classic group g to consumer group because online upgrade is disabled.");
            assertThat(current()).isInstanceOf(ClassicGroup.class);
        }
    }

    @Test
    void shouldNotUpgradeAGroupOfAnotherType() {
        // given
        JoinGroupRequestData connect = Members.joinRequest("").setProtocolType("connect");
        String memberId = join(connect).memberId();
        join(Members.joinRequest(memberId).setProtocolType("connect"));

        // then
        assertThat(groups.errorOf(joinRequest("a"))).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    }

    @Test
    void shouldNotUpgradeAGroupWhoseAssignmentsCannotBeRead() {
        Members.stableGroup(groups.broker, 1); // they assign texts to each other

        assertThat(groups.errorOf(joinRequest("a"))).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        assertThat(current()).isInstanceOf(ClassicGroup.class);
    }

    @Test
    void shouldNotUpgradeAGroupWhoseAssignorSaysMoreThanPartitions() {
        // given
        String memberId = join(classicJoin(join(classicJoin("")).memberId())).memberId();
        ConsumerProtocolAssignment own = new ConsumerProtocolAssignment().setUserData(ByteBuffer.wrap(new byte[] {1}));
        groups.broker.sync(Members.syncRequest(memberId, 1)
                .setAssignments(List.of(new SyncGroupRequestAssignment()
                        .setMemberId(memberId)
                        .setAssignment(bytes(MessageUtil.toVersionPrefixedByteBuffer((short) 3, own))))));

        // when
        ConsumerGroupHeartbeatResponseData answer = groups.ask(joinRequest("a"));

        // then
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        assertThat(answer.errorMessage()).contains("an unsupported custom assignor is in use");
        assertThat(current()).isInstanceOf(ClassicGroup.class);
    }

    // ---- classic members in a consumer group

    @Test
    void shouldLetAClassicMemberJoinAConsumerGroup() {
        // given
        groups.stableGroup("a");

        // when
        JoinGroupResponseData given = join(classicJoin(""));
        JoinGroupResponseData joined = join(classicJoin(given.memberId()));

        // then
        assertThat(Errors.forCode(given.errorCode())).isEqualTo(Errors.MEMBER_ID_REQUIRED);
        assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.NONE);
        assertThat(joined.protocolName()).isEqualTo("range");
        assertThat(joined.generationId()).isEqualTo(3);
        assertThat(partitions(sync(joined.memberId(), 3))).isEmpty();
        assertThat(beat(joined.memberId(), 3)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldTellAClassicMemberToJoinAgainWhenItsPartitionsAreFree() {
        // given
        groups.stableGroup("a");
        String classic = join(classicJoin("")).memberId();
        join(classicJoin(classic));
        sync(classic, 3);

        // when
        List<Integer> kept = requireNonNull(assigned(groups.beat("a", 2)));
        groups.beat("a", 2, kept.stream().mapToInt(Integer::intValue).toArray());

        // then
        assertThat(beat(classic, 3)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        join(classicJoin(classic));
        assertThat(partitions(sync(classic, 3))).hasSize(3).doesNotContainAnyElementsOf(kept);
    }

    @Test
    void shouldNotLetAClassicMemberJoinIfMigrationIsDisabled() {
        groups = withPolicy(MigrationPolicy.DISABLED);
        groups.stableGroup("a");

        JoinGroupResponseData answer = join(classicJoin(""));

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(answer.memberId()).isEmpty();
    }

    @Test
    void shouldRefuseClassicMembersThatHaveNothingInCommon() {
        groups.stableGroup("a");
        String classic = join(classicJoin("")).memberId();
        join(classicJoin(classic));

        assertThat(errorOf(Members.joinRequest("").setProtocols(Members.protocols(subscription(), "sticky"))))
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(errorOf(classicJoin("").setProtocolType("connect"))).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void shouldRefuseAClassicMemberWhoseSubscriptionCannotBeRead() {
        groups.stableGroup("a");

        assertThat(errorOf(Members.joinRequest("b").setProtocols(Members.protocols(new byte[] {7}, "range"))))
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void shouldFenceAClassicMemberThatIsNotHeardOf() {
        groups.stableGroup("a");
        String classic = join(classicJoin("")).memberId();
        join(classicJoin(classic));
        sync(classic, 3);

        groups.broker.advance(Members.SESSION_MS - 1);
        boolean isThere = groups.group().member(classic) != null;
        groups.broker.advance(1);

        assertThat(isThere).isTrue();
        assertThat(groups.group().member(classic)).isNull();
        assertThat(beat(classic, 3)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldFenceAClassicMemberThatDoesNotJoinAgain() {
        // given
        groups.stableGroup("a");
        String classic = join(classicJoin("")).memberId();
        join(classicJoin(classic));
        sync(classic, 3);
        groups.join("b");

        // when
        for (int waitedMs = 0; waitedMs < Members.REBALANCE_MS; waitedMs += 5_000) {
            assertThat(beat(classic, 3)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
            groups.beat("a", groups.member("a").epoch());
            groups.broker.advance(5_000);
        }

        // then
        assertThat(beat(classic, 3)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldFenceAClassicMemberThatDoesNotAskForItsAssignment() {
        groups.stableGroup("a");
        String classic = join(classicJoin("")).memberId();
        join(classicJoin(classic));

        for (int waitedMs = 0; waitedMs < Members.REBALANCE_MS; waitedMs += 5_000) {
            beat(classic, 3);
            groups.beat("a", groups.member("a").epoch());
            groups.broker.advance(5_000);
        }

        assertThat(groups.group().member(classic)).isNull();
    }

    @Test
    void shouldCheckTheGenerationAndKindOfClassicMembers() {
        groups.stableGroup("a");
        String classic = join(classicJoin("")).memberId();
        join(classicJoin(classic));

        assertThat(beat(classic, 2)).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(beat("a", 2)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(Errors.forCode(sync(classic, 4).errorCode())).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(Errors.forCode(sync("x", 3).errorCode())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        SyncGroupRequestData other = Members.syncRequest(classic, 3).setProtocolName("sticky");
        assertThat(Errors.forCode(groups.broker.sync(other).get().errorCode()))
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void shouldTakeOffsetsOfAClassicMemberInOldVersions() {
        groups.stableGroup("a");
        String classic = join(classicJoin("")).memberId();
        join(classicJoin(classic));

        assertThat(groups.broker.commit(GROUP, classic, 3, "t", 0, 5)).isEqualTo(Errors.NONE);
        assertThat(groups.broker.commit(GROUP, classic, 4, "t", 0, 5)).isEqualTo(Errors.ILLEGAL_GENERATION);
    }

    @Test
    void shouldLetClassicMembersLeave() {
        groups.stableGroup("a");
        String classic = join(classicJoin("")).memberId();
        join(classicJoin(classic));

        var answers = groups.broker
                .leave(GROUP, new MemberIdentity().setMemberId(classic), new MemberIdentity().setMemberId("x"))
                .get()
                .members();

        assertThat(answers)
                .extracting(answer -> Errors.forCode(answer.errorCode()))
                .containsExactly(Errors.NONE, Errors.UNKNOWN_MEMBER_ID);
        assertThat(groups.group().roster().size()).isEqualTo(1);
    }

    @Test
    void shouldReplaceAStaticMemberOfTheConsumerProtocolByAClassicOne() {
        // given two, so that the group stays a consumer group
        groups.heard(joinRequest("a").setInstanceId("i"));
        groups.join("b");
        groups.settle("a", "b");
        PartitionSet had = groups.member("a").assigned().partitions();

        // when
        JoinGroupResponseData joined = join(classicJoin("").setGroupInstanceId("i"));

        // then
        assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.NONE);
        assertThat(groups.group().member("a")).isNull();
        assertThat(groups.member(joined.memberId()).assigned().partitions()).isEqualTo(had);
        assertThat(errorOf(classicJoin("a").setGroupInstanceId("i"))).isEqualTo(Errors.FENCED_INSTANCE_ID);
    }

    // ---- downgrade

    @Test
    void shouldBeClassicAgainWhenTheLastConsumerLeaves() {
        // given
        String classic = classicGroup();
        groups.join("a");

        // when
        groups.heard(beatRequest("a", -1));

        // then
        assertThat(current()).isInstanceOf(ClassicGroup.class);
        assertThat(groups.state()).isEqualTo("PreparingRebalance");
        assertThat(beat(classic, 2)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        JoinGroupResponseData joined = join(classicJoin(classic));
        assertThat(joined.generationId()).isEqualTo(3);
        assertThat(joined.leader()).isEqualTo(classic);
    }

    @Test
    void shouldBeClassicAgainWhenTheLastConsumerIsLost() {
        String classic = classicGroup();
        groups.join("a");

        for (int waitedMs = 0; waitedMs < ConsumerFixture.SESSION_MS; waitedMs += 5_000) {
            beat(classic, 1);
            groups.broker.advance(5_000);
        }

        assertThat(current()).isInstanceOf(ClassicGroup.class);
    }

    @Test
    void shouldBeTheSameClassicGroupAfterARestart() {
        String classic = classicGroup();
        groups.join("a");
        groups.heard(beatRequest("a", -1));

        groups.broker.restart();

        assertThat(current()).isInstanceOf(ClassicGroup.class);
        assertThat(groups.broker.classic(GROUP).generation()).isEqualTo(2);
        assertThat(groups.broker.classic(GROUP).member(classic)).isNotNull();
        assertThat(groups.state()).isEqualTo("Stable");
    }

    @Test
    void shouldStayAConsumerGroupOfClassicMembersIfThePolicyForbidsTheWayBack() {
        groups = withPolicy(MigrationPolicy.UPGRADE);
        classicGroup();
        groups.join("a");

        groups.heard(beatRequest("a", -1));

        assertThat(current()).isInstanceOf(ConsumerGroup.class);
        assertThat(groups.group().roster().classicCount()).isEqualTo(1);
    }

    @Test
    void shouldStayAConsumerGroupIfItIsTooLargeForAClassicOne() {
        groups = new ConsumerFixture(CONSUMER_SETTINGS, 1);
        classicGroup();
        groups.join("a");
        String second = join(classicJoin("")).memberId();
        join(classicJoin(second));

        groups.heard(beatRequest("a", -1));

        assertThat(current()).isInstanceOf(ConsumerGroup.class);
    }

    @Test
    void shouldBeClassicAgainWithoutARebalanceWhenTheLastConsumerIsReplaced() {
        // given a static consumer beside a classic member, both with what they are to have
        groups.heard(joinRequest("a").setInstanceId("i"));
        String classic = join(classicJoin("")).memberId();
        join(classicJoin(classic));
        List<Integer> kept = requireNonNull(
                assigned(groups.heard(beatRequest("a", 2).setInstanceId("i").setTopicPartitions(null))));
        groups.heard(beatRequest("a", 2)
                .setInstanceId("i")
                .setTopicPartitions(ConsumerFixture.owned(
                        "t", kept.stream().mapToInt(Integer::intValue).toArray())));
        join(classicJoin(classic));

        // when
        JoinGroupResponseData joined = join(classicJoin("").setGroupInstanceId("i"));

        // then
        assertThat(current()).isInstanceOf(ClassicGroup.class);
        assertThat(groups.state()).isEqualTo("Stable");
        assertThat(partitions(sync(joined.memberId(), joined.generationId()))).isEqualTo(kept);
        assertThat(beat(classic, 3)).isEqualTo(Errors.NONE);
    }

    // ---- empty groups

    @Test
    void shouldTakeThePlaceOfAnEmptyConsumerGroupWhateverThePolicy() {
        // given
        groups = withPolicy(MigrationPolicy.DISABLED);
        groups.join("a");
        groups.heard(beatRequest("a", -1));

        // when
        String classic = join(classicJoin("")).memberId();

        // then
        assertThat(current()).isInstanceOf(ClassicGroup.class);
        groups.broker.restart();
        assertThat(current()).isInstanceOf(ClassicGroup.class);
        assertThat(classic).isNotEmpty();
    }

    @Test
    void shouldTakeThePlaceOfAnEmptyClassicGroupWhateverThePolicy() {
        // given
        groups = withPolicy(MigrationPolicy.DISABLED);
        String classic = classicGroup();
        groups.broker.leave(GROUP, new MemberIdentity().setMemberId(classic));

        // when
        groups.join("a");

        // then
        groups.broker.restart();
        assertThat(groups.group().roster().size()).isEqualTo(1);
    }

    @Test
    void shouldKnowJoinedMembersAsSuch() {
        classicGroup();
        groups.join("a");

        assertThat(groups.described().members())
                .extracting(member -> member.memberType())
                .containsExactlyInAnyOrder((byte) 0, (byte) 1);
    }
}
