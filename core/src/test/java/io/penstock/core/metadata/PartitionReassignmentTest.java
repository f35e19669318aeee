package io.penstock.core.metadata;

import static io.penstock.core.metadata.ClusterFixture.newTopic;
import static io.penstock.core.metadata.ClusterFixture.withReplicas;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.metadata.MetadataRecord.PartitionChanged;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PartitionReassignmentTest {
    private final ClusterFixture cluster = new ClusterFixture().withBrokers(2, 3);

    @BeforeEach
    void createTopic() {
        cluster.create(withReplicas(newTopic("t"), 0, 1, 2));
    }

    static Stream<Arguments> refusals() {
        String manual = "The manual partition assignment includes ";
        return Stream.of(
                refusal("t", 0, List.of(), Errors.INVALID_REPLICA_ASSIGNMENT, manual + "an empty replica list."),
                refusal(
                        "t",
                        0,
                        List.of(1, 9),
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        manual + "broker 9, but no such broker is registered."),
                refusal(
                        "t",
                        0,
                        List.of(-1),
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        manual + "broker -1, but no such broker is registered."),
                refusal(
                        "t",
                        0,
                        List.of(2, 2),
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        manual + "the broker 2 more than once."),
                refusal(
                        "t",
                        0,
                        List.of(1, 3),
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "Partition 0 has no replica on broker 3, and this release does not copy records between "
                                + "brokers."),
                refusal("t", 0, null, Errors.NO_REASSIGNMENT_IN_PROGRESS, null),
                refusal("t", 8, List.of(1), Errors.UNKNOWN_TOPIC_OR_PARTITION, "Unable to find partition t:8."),
                refusal("nix", 0, null, Errors.UNKNOWN_TOPIC_OR_PARTITION, "Unable to find a topic named nix."));
    }

    private static Arguments refusal(
            String topic, int index, @Nullable List<Integer> replicas, Errors error, @Nullable String message) {
        return Arguments.of(topic, index, replicas, error, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void shouldRefuseAsKafkaDoes(
            String topic, int index, @Nullable List<Integer> replicas, Errors error, @Nullable String message) {
        // given
        long before = cluster.image.offset();

        // when
        ReassignablePartitionResponse response = reassign(topic, index, replicas, true);

        // then
        assertThat(Errors.forCode(response.errorCode())).isEqualTo(error);
        assertThat(response.errorMessage()).isEqualTo(message);
        assertThat(cluster.image.offset()).isEqualTo(before);
    }

    @Test
    void shouldHaveNothingToDoForTheReplicasThatAreThere() {
        // given
        long before = cluster.image.offset();

        // then
        assertThat(reassign("t", 0, List.of(1, 2), true).errorCode()).isZero();
        assertThat(cluster.image.offset()).isEqualTo(before);
    }

    @Test
    void shouldChangeTheOrderOfReplicasWithoutMovingTheLeader() {
        // when
        reassign("t", 0, List.of(2, 1), true);

        // then
        PartitionImage partition = cluster.topic("t").partitions().get(0);
        assertThat(partition.replicas()).containsExactly(2, 1);
        assertThat(partition.leader()).isEqualTo(1);
        assertThat(partition.leaderEpoch()).isZero();
        assertThat(partition.partitionEpoch()).isEqualTo(1);
    }

    @Test
    void shouldDropAReplicaAndMoveTheLeaderToOneThatStays() {
        // when
        reassign("t", 0, List.of(2), true);

        // then
        PartitionImage partition = cluster.topic("t").partitions().get(0);
        assertThat(partition.replicas()).containsExactly(2);
        assertThat(partition.isr()).containsExactly(2);
        assertThat(partition.leader()).isEqualTo(2);
        assertThat(partition.leaderEpoch()).isEqualTo(1);
    }

    @Test
    void shouldNotLeaveOnlyReplicasThatAreBehind() {
        // given
        cluster.replay(List.of(new PartitionChanged(cluster.topic("t").id(), 0, 1, 1, 1, List.of(1, 2), List.of(1))));

        // then
        assertThat(Errors.forCode(reassign("t", 0, List.of(2), true).errorCode()))
                .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
    }

    @Test
    void shouldKeepTheReplicationFactorIfAskedTo() {
        // when
        ReassignablePartitionResponse response = reassign("t", 0, List.of(1), false);

        // then
        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
        assertThat(response.errorMessage()).isEqualTo("The replication factor is changed from 2 to 1");
        assertThat(reassign("t", 0, List.of(2, 1), false).errorCode()).isZero();
    }

    private ReassignablePartitionResponse reassign(
            String topic, int index, @Nullable List<Integer> replicas, boolean mayChangeFactor) {
        AlterPartitionReassignmentsRequestData request = new AlterPartitionReassignmentsRequestData()
                .setAllowReplicationFactorChange(mayChangeFactor)
                .setTopics(List.of(new ReassignableTopic()
                        .setName(topic)
                        .setPartitions(List.of(new ReassignablePartition()
                                .setPartitionIndex(index)
                                .setReplicas(replicas)))));
        AlterPartitionReassignmentsResponseData response =
                cluster.apply(cluster.controller.alterPartitionReassignments(cluster.image, request));
        assertThat(response.allowReplicationFactorChange()).isEqualTo(mayChangeFactor);
        return response.responses().get(0).partitions().get(0);
    }
}
