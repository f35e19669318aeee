package io.penstock.core.metadata;

import static io.penstock.core.metadata.ClusterFixture.newTopic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.core.MutationQuota;
import io.penstock.core.metadata.MetadataImage.DeletedTopic;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicDeletionTest {
    private ClusterFixture cluster = new ClusterFixture();

    @BeforeEach
    void createTopics() {
        cluster.create(newTopic("a", 2, 1), newTopic("b", 1, 1));
    }

    @Test
    void shouldDeleteByNameAndById() {
        // given
        Uuid a = cluster.topic("a").id();
        Uuid b = cluster.topic("b").id();

        // when
        List<DeletableTopicResult> results = delete(byName("a"), byId(b));

        // then
        assertThat(results)
                .extracting(DeletableTopicResult::name, DeletableTopicResult::topicId, TopicDeletionTest::error)
                .containsExactly(tuple("a", a, Errors.NONE), tuple("b", b, Errors.NONE));
        assertThat(cluster.image.topics()).isEmpty();
        assertThat(cluster.image.topic(a)).isNull();
    }

    @Test
    void shouldDeleteByTheNameListOfOldVersions() {
        // when
        List<DeletableTopicResult> results =
                delete(new DeleteTopicsRequestData().setTopicNames(List.of("a", "missing")));

        // then
        assertThat(results)
                .extracting(DeletableTopicResult::name, TopicDeletionTest::error)
                .containsExactly(tuple("a", Errors.NONE), tuple("missing", Errors.UNKNOWN_TOPIC_OR_PARTITION));
    }

    @Test
    void shouldTellUnknownNamesFromUnknownIds() {
        // when
        List<DeletableTopicResult> results = delete(byName("nope"), byId(new Uuid(7, 7)));

        // then
        assertThat(results)
                .extracting(TopicDeletionTest::error)
                .containsExactly(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void shouldRefuseEntriesWithNeitherOrBothOrTwice() {
        // given
        Uuid a = cluster.topic("a").id();

        // when
        List<DeletableTopicResult> results = delete(
                new DeleteTopicState().setName(null),
                new DeleteTopicState().setName("a").setTopicId(a),
                byName("b"),
                byName("b"));

        // then
        assertThat(results)
                .extracting(TopicDeletionTest::error, DeletableTopicResult::errorMessage)
                .containsExactly(
                        tuple(Errors.INVALID_REQUEST, "Neither topic name nor id were specified."),
                        tuple(Errors.INVALID_REQUEST, "You may not specify both topic name and topic id."),
                        tuple(Errors.INVALID_REQUEST, "Duplicate topic name."));
        assertThat(cluster.image.topics()).hasSize(2);
    }

    @Test
    void shouldRefuseTheSecondWayToNameOneTopic() {
        // when
        List<DeletableTopicResult> results =
                delete(byName("a"), byId(cluster.topic("a").id()));

        // then
        assertThat(results).extracting(TopicDeletionTest::error).containsExactly(Errors.NONE, Errors.INVALID_REQUEST);
        assertThat(cluster.image.topic("a")).isNull();
    }

    @Test
    void shouldRefuseEverythingWhenDeletionIsDisabled() {
        // given
        cluster = new ClusterFixture(Map.of("delete.topic.enable", "false"));
        cluster.create(newTopic("a"));

        // when
        List<DeletableTopicResult> results = delete(byName("a"));

        // then
        assertThat(results).extracting(TopicDeletionTest::error).containsExactly(Errors.TOPIC_DELETION_DISABLED);
        assertThat(cluster.image.topic("a")).isNotNull();
    }

    @Test
    void shouldRememberDeletedTopicsUntilTheirLogsAreGone() {
        // given
        Uuid a = cluster.topic("a").id();

        // when
        delete(byName("a"));

        // then
        assertThat(cluster.image.deletedTopics()).containsExactly(new DeletedTopic(a, "a", 2));
        assertThat(cluster.image.knows(a)).isTrue();

        // when
        cluster.apply(cluster.controller.forgetTopics(cluster.image, List.of(a, new Uuid(1, 1))));

        // then
        assertThat(cluster.image.deletedTopics()).isEmpty();
        assertThat(cluster.image.knows(a)).isFalse();
    }

    @Test
    void shouldGiveATopicThatIsMadeAgainAnotherId() {
        // given
        Uuid before = cluster.topic("a").id();
        delete(byName("a"));

        // when
        cluster.create(newTopic("a"));

        // then
        assertThat(cluster.topic("a").id()).isNotEqualTo(before);
        assertThat(cluster.topic("a").partitions()).hasSize(1);
    }

    private List<DeletableTopicResult> delete(DeleteTopicState... topics) {
        return delete(new DeleteTopicsRequestData().setTopics(List.of(topics)));
    }

    private List<DeletableTopicResult> delete(DeleteTopicsRequestData request) {
        return List.copyOf(cluster.apply(cluster.controller.deleteTopics(
                        cluster.image, cluster.config(), request, MutationQuota.UNLIMITED))
                .responses());
    }

    private static DeleteTopicState byName(String name) {
        return new DeleteTopicState().setName(name);
    }

    private static DeleteTopicState byId(Uuid id) {
        return new DeleteTopicState().setName(null).setTopicId(id);
    }

    private static Errors error(DeletableTopicResult result) {
        return Errors.forCode(result.errorCode());
    }
}
