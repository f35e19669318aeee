package io.penstock.core.metadata;

import static io.penstock.core.metadata.ClusterFixture.newTopic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.core.MutationQuota;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PartitionCreationTest {
    private final ClusterFixture cluster = new ClusterFixture().withBrokers(2);

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(wanted("missing", 2), Errors.UNKNOWN_TOPIC_OR_PARTITION, ""),
                Arguments.of(wanted("t", 3), Errors.INVALID_PARTITIONS, "Topic already has 3 partition(s)."),
                Arguments.of(
                        wanted("t", 2),
                        Errors.INVALID_PARTITIONS,
                        "The topic t currently has 3 partition(s); 2 would not be an increase."),
                Arguments.of(wanted("t", -1), Errors.INVALID_PARTITIONS, "-1 would not be an increase."),
                Arguments.of(wanted("t", Integer.MAX_VALUE), Errors.POLICY_VIOLATION, "Excessively large"),
                Arguments.of(
                        wanted("t", 5, List.of(1)),
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "Attempted to add 2 additional partition(s), but only 1 assignment(s) were specified."),
                Arguments.of(
                        wanted("t", 4, List.of(1, 2)),
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "includes a partition with 2 replica(s), but this is not consistent"),
                Arguments.of(
                        wanted("t", 4, List.of(5)),
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "includes broker 5, but no such broker is registered."));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void shouldRefuseAsKafkaDoes(CreatePartitionsTopic topic, Errors error, String message) {
        // given
        cluster.create(newTopic("t", 3, 1));

        // when
        List<CreatePartitionsTopicResult> results = add(false, topic);

        // then
        assertThat(results).singleElement().satisfies(result -> {
            assertThat(Errors.forCode(result.errorCode())).isEqualTo(error);
            assertThat(result.errorMessage()).contains(message);
        });
        assertThat(cluster.topic("t").partitions()).hasSize(3);
    }

    @Test
    void shouldAddPartitionsAfterTheExistingOnes() {
        // given
        cluster.create(newTopic("t", 3, 1));
        List<PartitionImage> before = cluster.topic("t").partitions();

        // when
        add(false, wanted("t", 5), wanted("missing", 1));

        // then
        List<PartitionImage> after = cluster.topic("t").partitions();
        assertThat(after).hasSize(5).startsWith(before.toArray(new PartitionImage[0]));
        assertThat(after).extracting(partition -> partition.id().index()).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void shouldTakeTheReplicasThatAreNamed() {
        // given
        cluster.create(newTopic("t", 1, 1));

        // when
        add(false, wanted("t", 3, List.of(2), List.of(1)));

        // then
        assertThat(cluster.topic("t").partitions().subList(1, 3))
                .extracting(PartitionImage::leader)
                .containsExactly(2, 1);
    }

    @Test
    void shouldOnlyPretendWhenAskedToValidate() {
        // given
        cluster.create(newTopic("t", 1, 1));

        // when
        List<CreatePartitionsTopicResult> results = add(true, wanted("t", 3));

        // then
        assertThat(results).extracting(CreatePartitionsTopicResult::errorCode).containsExactly((short) 0);
        assertThat(cluster.topic("t").partitions()).hasSize(1);
    }

    @Test
    void shouldAnswerANameThatOccursTwiceOnce() {
        // given
        cluster.create(newTopic("t", 1, 1), newTopic("u", 1, 1));
        CreatePartitionsRequestData request = new CreatePartitionsRequestData();
        request.topics().mustAdd(wanted("t", 2));
        request.topics().mustAdd(wanted("u", 2));
        request.topics().mustAdd(wanted("t", 3));

        // when
        var response =
                cluster.apply(cluster.controller.createPartitions(cluster.image, request, MutationQuota.UNLIMITED));

        // then
        assertThat(response.results())
                .extracting(CreatePartitionsTopicResult::name, result -> Errors.forCode(result.errorCode()))
                .containsExactly(tuple("t", Errors.INVALID_REQUEST), tuple("u", Errors.NONE));
        assertThat(cluster.topic("t").partitions()).hasSize(1);
    }

    private List<CreatePartitionsTopicResult> add(boolean validateOnly, CreatePartitionsTopic... topics) {
        CreatePartitionsRequestData request = new CreatePartitionsRequestData().setValidateOnly(validateOnly);
        for (CreatePartitionsTopic topic : topics) {
            request.topics().add(topic);
        }
        return cluster.apply(cluster.controller.createPartitions(cluster.image, request, MutationQuota.UNLIMITED))
                .results();
    }

    private static CreatePartitionsTopic wanted(String name, int count) {
        return new CreatePartitionsTopic().setName(name).setCount(count).setAssignments(null);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static CreatePartitionsTopic wanted(String name, int count, List<Integer>... assignments) {
        List<CreatePartitionsAssignment> entries = new ArrayList<>();
        for (List<Integer> replicas : assignments) {
            entries.add(new CreatePartitionsAssignment().setBrokerIds(replicas));
        }
        return wanted(name, count).setAssignments(entries);
    }
}
