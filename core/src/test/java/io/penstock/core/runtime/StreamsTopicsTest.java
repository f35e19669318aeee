package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StreamsTopicsTest {
    private static final int FAILURE_MS = 10_000;

    private final ManualTime time = new ManualTime();
    private final List<CreateTopicsRequestData> asked = new ArrayList<>();
    private Promise<CreateTopicsResponseData> answer = Promise.promise();
    private final StreamsTopics topics = new StreamsTopics(this::create, time);

    private Future<CreateTopicsResponseData> create(CreateTopicsRequestData request) {
        asked.add(request);
        answer = Promise.promise();
        return answer.future();
    }

    private static List<CreatableTopic> named(String... names) {
        return Stream.of(names).map(name -> new CreatableTopic().setName(name)).toList();
    }

    private void answer(String name, Errors error, @Nullable String message) {
        CreateTopicsResponseData response = new CreateTopicsResponseData();
        response.topics()
                .add(new CreatableTopicResult()
                        .setName(name)
                        .setErrorCode(error.code())
                        .setErrorMessage(message));
        answer.complete(response);
    }

    @Test
    void shouldMakeATopicOnceHoweverManyMissIt() {
        // when
        topics.create(named("a", "b"), FAILURE_MS);
        topics.create(named("a"), FAILURE_MS);
        topics.create(named("b", "c"), FAILURE_MS);

        // then
        assertThat(asked).hasSize(2);
        assertThat(asked.get(0).topics()).extracting(CreatableTopic::name).containsExactly("a", "b");
        assertThat(asked.get(1).topics()).extracting(CreatableTopic::name).containsExactly("c");
    }

    @Test
    void shouldTellWhyATopicCouldNotBeMadeAndTryAgainLater() {
        // given
        topics.create(named("a"), FAILURE_MS);
        answer("a", Errors.INVALID_REPLICATION_FACTOR, "too many replicas");

        // when, then
        assertThat(topics.failuresOf(named("a", "b"))).isEqualTo("a (too many replicas)");
        topics.create(named("a"), FAILURE_MS);
        assertThat(asked).hasSize(1);

        // when
        time.advance(FAILURE_MS);
        topics.create(named("a"), FAILURE_MS);

        // then
        assertThat(topics.failuresOf(named("a"))).isEmpty();
        assertThat(asked).hasSize(2);
    }

    @Test
    void shouldNotMindATopicThatSomebodyElseHasMade() {
        // given
        topics.create(named("a"), FAILURE_MS);

        // when
        answer("a", Errors.TOPIC_ALREADY_EXISTS, "there");

        // then
        assertThat(topics.failuresOf(named("a"))).isEmpty();
    }

    @Test
    void shouldTellOfTopicsWhenTheirCreationHasFailedAltogether() {
        // given
        topics.create(named("a", "b", "c", "d"), FAILURE_MS);

        // when
        answer.fail(new IllegalStateException("no disk"));

        // then
        assertThat(topics.failuresOf(named("a", "b", "c", "d")))
                .startsWith("a (java.lang.IllegalStateException: no disk), b (")
                .endsWith(" and 1 more");
    }
}
