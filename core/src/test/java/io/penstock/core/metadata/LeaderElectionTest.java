package io.penstock.core.metadata;

import static io.penstock.core.metadata.ClusterFixture.broker;
import static io.penstock.core.metadata.ClusterFixture.newTopic;
import static io.penstock.core.metadata.ClusterFixture.withReplicas;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.metadata.MetadataRecord.PartitionChanged;
import java.util.List;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaderElectionTest {
    private static final byte PREFERRED = 0;
    private static final byte UNCLEAN = 1;

    private final ClusterFixture cluster = new ClusterFixture().withBrokers(2, 3);

    @BeforeEach
    void createTopic() {
        cluster.create(withReplicas(newTopic("t"), 0, 1, 2, 3));
    }

    @Test
    void shouldNeedNoElectionWhereThePreferredReplicaLeads() {
        // when
        PartitionResult result = elect(PREFERRED, "t", 0);

        // then
        assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.ELECTION_NOT_NEEDED);
        assertThat(result.errorMessage()).isEqualTo("Leader election not needed for topic partition.");
        assertThat(partition().leaderEpoch()).isZero();
    }

    @Test
    void shouldGiveThePartitionToThePreferredReplicaInANewLeaderEpoch() {
        // given
        lead(2, List.of(1, 2));

        // when
        PartitionResult result = elect(PREFERRED, "t", 0);

        // then
        assertThat(result.errorCode()).isZero();
        assertThat(result.errorMessage()).isNull();
        assertThat(partition().leader()).isEqualTo(1);
        assertThat(partition().leaderEpoch()).isEqualTo(6);
        assertThat(partition().partitionEpoch()).isEqualTo(8);
        assertThat(partition().isr()).containsExactly(1, 2);
    }

    @Test
    void shouldNotElectAPreferredReplicaThatIsDownOrBehind() {
        // given
        lead(2, List.of(2, 3));
        Errors whenBehind = Errors.forCode(elect(PREFERRED, "t", 0).errorCode());
        lead(2, List.of(1, 2));
        cluster.replay(List.of(broker(1, true)));
        Errors whenDown = Errors.forCode(elect(PREFERRED, "t", 0).errorCode());

        // then
        assertThat(whenBehind).isEqualTo(Errors.PREFERRED_LEADER_NOT_AVAILABLE);
        assertThat(whenDown).isEqualTo(Errors.PREFERRED_LEADER_NOT_AVAILABLE);
        assertThat(partition().leader()).isEqualTo(2);
    }

    @Test
    void shouldElectUncleanlyOnlyWhereThereIsNoLeader() {
        // given
        Errors withLeader = Errors.forCode(elect(UNCLEAN, "t", 0).errorCode());
        lead(-1, List.of(2));
        cluster.replay(List.of(broker(1, true), broker(2, true)));

        // when
        PartitionResult result = elect(UNCLEAN, "t", 0);

        // then
        assertThat(withLeader).isEqualTo(Errors.ELECTION_NOT_NEEDED);
        assertThat(result.errorCode()).isZero();
        assertThat(partition().leader()).isEqualTo(3);
        assertThat(partition().isr()).containsExactly(3);
    }

    @Test
    void shouldPreferAReplicaInSyncEvenInAnUncleanElection() {
        // given
        lead(-1, List.of(2));

        // when
        elect(UNCLEAN, "t", 0);

        // then
        assertThat(partition().leader()).isEqualTo(2);
        assertThat(partition().isr()).containsExactly(2);
    }

    @Test
    void shouldSayWhenNoReplicaIsAlive() {
        // given
        lead(-1, List.of(2));
        cluster.replay(List.of(broker(1, true), broker(2, true), broker(3, true)));

        // then
        assertThat(Errors.forCode(elect(UNCLEAN, "t", 0).errorCode())).isEqualTo(Errors.ELIGIBLE_LEADERS_NOT_AVAILABLE);
    }

    @Test
    void shouldKnowNoOtherTopicsPartitionsAndKinds() {
        assertThat(elect(PREFERRED, "nix", 0)).satisfies(result -> {
            assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
            assertThat(result.errorMessage()).isEqualTo("No such topic as nix");
        });
        assertThat(elect(PREFERRED, "t", 7).errorMessage()).isEqualTo("No such partition as t-7");
        assertThat(elect(PREFERRED, "t", -1).errorMessage()).isEqualTo("No such partition as t--1");
        assertThat(elect((byte) 5, "t", 0)).satisfies(result -> {
            assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(result.errorMessage()).isEqualTo("Unknown election type 5");
        });
    }

    @Test
    void shouldTellOnlyPartitionsThatNeededAnElectionWhenAllAreAskedFor() {
        // given
        cluster.create(withReplicas(newTopic("other"), 0, 2));
        lead(2, List.of(1, 2));

        // when
        ElectLeadersResponseData response =
                decide(new ElectLeadersRequestData().setElectionType(PREFERRED).setTopicPartitions(null));

        // then
        assertThat(response.errorCode()).isZero();
        assertThat(response.replicaElectionResults())
                .extracting(result ->
                        result.topic() + " " + result.partitionResult().size())
                .containsExactlyInAnyOrder("t 1", "other 0");
        assertThat(partition().leader()).isEqualTo(1);
    }

    private void lead(int leader, List<Integer> isr) {
        cluster.replay(List.of(new PartitionChanged(cluster.topic("t").id(), 0, leader, 5, 7, List.of(1, 2, 3), isr)));
    }

    private PartitionImage partition() {
        return cluster.topic("t").partitions().get(0);
    }

    private PartitionResult elect(byte type, String topic, int index) {
        ElectLeadersRequestData request = new ElectLeadersRequestData().setElectionType(type);
        request.topicPartitions().mustAdd(new TopicPartitions().setTopic(topic).setPartitions(List.of(index)));
        return decide(request).replicaElectionResults().get(0).partitionResult().get(0);
    }

    private ElectLeadersResponseData decide(ElectLeadersRequestData request) {
        return cluster.apply(cluster.controller.electLeaders(cluster.image, request));
    }
}
