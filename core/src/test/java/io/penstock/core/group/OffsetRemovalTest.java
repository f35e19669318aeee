package io.penstock.core.group;

import static io.penstock.core.group.Members.GROUP;
import static io.penstock.core.group.Members.joinRequest;
import static io.penstock.core.group.Members.joining;
import static io.penstock.core.group.Members.protocols;
import static io.penstock.core.group.Members.stableGroup;
import static io.penstock.core.group.Members.syncRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.Members.Joining;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Offsets and groups that somebody wants deleted, or whose topic is gone. */
class OffsetRemovalTest {
    private final ShardFixture broker = new ShardFixture();

    private void commitFromOutside(String topic, int partition) {
        assertThat(broker.commit(GROUP, "", -1, topic, partition, 5)).isEqualTo(Errors.NONE);
    }

    private OffsetDeleteResponseData delete(String topic, Integer... partitions) {
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(new OffsetDeleteRequestTopic()
                .setName(topic)
                .setPartitions(Arrays.stream(partitions)
                        .map(index -> new OffsetDeleteRequestPartition().setPartitionIndex(index))
                        .toList()));
        return broker.deleteOffsets(
                        new OffsetDeleteRequestData().setGroupId(GROUP).setTopics(topics))
                .get();
    }

    private static Errors error(OffsetDeleteResponseData answer, String topic, int partition) {
        return Errors.forCode(
                answer.topics().find(topic).partitions().find(partition).errorCode());
    }

    // ---- single offsets

    @Test
    void shouldDeleteWhatIsAskedForAndNothingElse() {
        // given
        commitFromOutside("t", 0);
        commitFromOutside("t", 1);

        // when
        OffsetDeleteResponseData answer = delete("t", 0, 7);

        // then
        assertThat(answer.errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(error(answer, "t", 0)).isEqualTo(Errors.NONE);
        assertThat(error(answer, "t", 7)).isEqualTo(Errors.NONE);
        broker.restart();
        assertThat(broker.committed(GROUP, "t", 0)).isEqualTo(-1);
        assertThat(broker.committed(GROUP, "t", 1)).isEqualTo(5);
    }

    @Test
    void shouldNotDeleteOffsetsOfAGroupThatIsNotThere() {
        assertThat(delete("t", 0).errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
    }

    @Test
    void shouldNotDeleteOffsetsOfTopicsThatAreRead() {
        // given: the members read t
        commitFromOutside("t", 0);
        commitFromOutside("u", 0);
        stableGroup(broker, 1);

        // when, then
        assertThat(error(delete("t", 0), "t", 0)).isEqualTo(Errors.GROUP_SUBSCRIBED_TO_TOPIC);
        assertThat(error(delete("u", 0), "u", 0)).isEqualTo(Errors.NONE);
        assertThat(broker.committed(GROUP, "t", 0)).isEqualTo(5);
        assertThat(broker.committed(GROUP, "u", 0)).isEqualTo(-1);
    }

    @Test
    void shouldTakeAnUnreadableSubscriptionForOneToEverything() {
        // given
        commitFromOutside("u", 0);
        JoinGroupRequestData request = joinRequest("").setProtocols(protocols(new byte[] {0}, "range"));
        String id = broker.join(request).get().memberId();
        broker.join(request.duplicate().setMemberId(id));
        broker.sync(syncRequest(id, 1));

        // when, then
        assertThat(error(delete("u", 0), "u", 0)).isEqualTo(Errors.GROUP_SUBSCRIBED_TO_TOPIC);
    }

    @Test
    void shouldNotDeleteOffsetsOfOtherKindsOfGroupsInUse() {
        // given
        commitFromOutside("t", 0);
        JoinGroupRequestData request = joinRequest("").setProtocolType("connect");
        String id = broker.join(request).get().memberId();
        broker.join(request.duplicate().setMemberId(id));

        // when, then
        assertThat(delete("t", 0).errorCode()).isEqualTo(Errors.NON_EMPTY_GROUP.code());
        assertThat(broker.committed(GROUP, "t", 0)).isEqualTo(5);
    }

    // ---- whole groups

    @Test
    void shouldDeleteAnEmptyGroupWithItsOffsets() {
        // given
        commitFromOutside("t", 0);

        // when
        Errors error = broker.deleteGroup(GROUP);

        // then
        assertThat(error).isEqualTo(Errors.NONE);
        assertThat(broker.state(GROUP)).isEqualTo("Dead");
        broker.restart();
        assertThat(broker.state(GROUP)).isEqualTo("Dead");
        assertThat(broker.committed(GROUP, "t", 0)).isEqualTo(-1);
        assertThat(broker.shard.offsetCount()).isZero();
    }

    @Test
    void shouldDeleteAGroupWithMoreOffsetsThanABatchHolds() {
        // given
        for (int i = 0; i < 2_500; i++) {
            commitFromOutside("t", i);
        }
        broker.shard.onMaxBatchBytes(64 * 1024);

        // when
        Errors error = broker.deleteGroup(GROUP);

        // then
        assertThat(error).isEqualTo(Errors.NONE);
        assertThat(broker.shard.offsetCount()).isZero();
        broker.restart();
        assertThat(broker.state(GROUP)).isEqualTo("Dead");
    }

    @Test
    void shouldNotDeleteAGroupThatIsNotThereOrInUse() {
        // given
        Errors unknown = broker.deleteGroup(GROUP);
        Joining only = stableGroup(broker, 1).get(0);

        // when
        Errors stable = broker.deleteGroup(GROUP);
        joining(broker);
        Errors preparing = broker.deleteGroup(GROUP);
        broker.join(joinRequest(only.id()));
        Errors completing = broker.deleteGroup(GROUP);

        // then
        assertThat(unknown).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        assertThat(List.of(stable, preparing, completing)).containsOnly(Errors.NON_EMPTY_GROUP);
    }

    @Test
    void shouldBeginAnewAfterADeletion() {
        // given
        Joining only = stableGroup(broker, 1).get(0);
        broker.advance(Members.SESSION_MS);
        broker.deleteGroup(GROUP);

        // when
        Joining fresh = joining(broker);

        // then
        assertThat(fresh.generation()).isEqualTo(1);
        assertThat(fresh.id()).isNotEqualTo(only.id());
    }

    // ---- topics that are gone

    @Test
    void shouldForgetOffsetsOfADeletedTopic() {
        // given
        commitFromOutside("t", 0);
        commitFromOutside("u", 0);

        // when
        broker.submit(GroupCommands.onTopicDeleted(GROUP, "t", new Uuid(1, 1)));
        broker.restart();

        // then
        assertThat(broker.committed(GROUP, "t", 0)).isEqualTo(-1);
        assertThat(broker.committed(GROUP, "u", 0)).isEqualTo(5);
        assertThat(broker.state(GROUP)).isEqualTo("Empty");
    }

    @Test
    void shouldKeepOffsetsOfATopicThatWasMadeAgainMeanwhile() {
        // given
        OffsetCommitRequestData request = ShardFixture.commitRequest(GROUP, "", -1, "t", 0, 8);
        request.topics().get(0).setTopicId(new Uuid(2, 2));
        broker.commit(request);

        // when
        broker.submit(GroupCommands.onTopicDeleted(GROUP, "t", new Uuid(1, 1)));

        // then
        assertThat(broker.committed(GROUP, "t", 0)).isEqualTo(8);
    }
}
