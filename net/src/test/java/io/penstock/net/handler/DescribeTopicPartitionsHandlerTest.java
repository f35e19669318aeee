package io.penstock.net.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DescribeTopicPartitionsHandlerTest {
    private final FakeKernel kernel = new FakeKernel();
    private final DescribeTopicPartitionsHandler handler =
            new DescribeTopicPartitionsHandler(kernel, HandlerSettings.DEFAULT);

    private DescribeTopicPartitionsResponseData ask(int limit, @Nullable Cursor cursor, String... names) {
        DescribeTopicPartitionsRequestData data = new DescribeTopicPartitionsRequestData()
                .setResponsePartitionLimit(limit)
                .setCursor(cursor);
        for (String name : names) {
            data.topics().add(new TopicRequest().setName(name));
        }
        CapturedResponder responder = new CapturedResponder();
        handler.handle(Requests.of(data, 0), responder);
        return responder.response(DescribeTopicPartitionsResponseData.class, 0);
    }

    private static Cursor cursor(String topic, int partition) {
        return new Cursor().setTopicName(topic).setPartitionIndex(partition);
    }

    /** Topic-partition names in order; a topic with an error as {@code name!ERROR}. */
    private static List<String> described(DescribeTopicPartitionsResponseData page) {
        List<String> described = new ArrayList<>();
        page.topics().forEach(topic -> {
            if (topic.errorCode() != 0) {
                described.add(topic.name() + "!" + Errors.forCode(topic.errorCode()));
            }
            topic.partitions().forEach(partition -> described.add(topic.name() + "-" + partition.partitionIndex()));
        });
        return described;
    }

    @Test
    void shouldDescribeNamedTopicsInAlphabeticalOrder() {
        // given
        kernel.cluster.addTopic("b", 1);
        kernel.cluster.addTopic("a", 2);

        // when
        DescribeTopicPartitionsResponseData page = ask(100, null, "b", "a", "b");

        // then
        assertThat(described(page)).containsExactly("a-0", "a-1", "b-0");
        assertThat(page.nextCursor()).isNull();
        assertThat(page.topics().find("a").partitions().get(1).leaderId()).isEqualTo(1);
        assertThat(page.topics().find("a").topicAuthorizedOperations()).isEqualTo(AuthorizedOperations.TOPIC);
    }

    @Test
    void shouldDescribeAllTopicsWhenNoneIsNamed() {
        // given
        kernel.cluster.addTopic("b", 1);
        kernel.cluster.addTopic("a", 1);

        // then
        assertThat(described(ask(100, null))).containsExactly("a-0", "b-0");
    }

    @Test
    void shouldBreakPagesWithinTopics() {
        // given
        kernel.cluster.addTopic("a", 3);
        kernel.cluster.addTopic("b", 2);
        List<List<String>> pages = new ArrayList<>();

        // when
        Cursor cursor = null;
        do {
            DescribeTopicPartitionsResponseData page = ask(2, cursor);
            pages.add(described(page));
            cursor = page.nextCursor() == null
                    ? null
                    : cursor(page.nextCursor().topicName(), page.nextCursor().partitionIndex());
        } while (cursor != null);

        // then
        assertThat(pages).containsExactly(List.of("a-0", "a-1"), List.of("a-2", "b-0"), List.of("b-1"));
    }

    @Test
    void shouldBreakPagesBetweenTopics() {
        // given
        kernel.cluster.addTopic("a", 2);
        kernel.cluster.addTopic("b", 2);

        // when
        DescribeTopicPartitionsResponseData page = ask(2, null, "a", "b");

        // then
        assertThat(described(page)).containsExactly("a-0", "a-1");
        assertThat(page.nextCursor().topicName()).isEqualTo("b");
        assertThat(page.nextCursor().partitionIndex()).isZero();
    }

    @Test
    void shouldDescribeAtLeastOnePartitionAndAtMostTheBrokersLimit() {
        // given
        kernel.cluster.addTopic("a", 2500);

        // then
        assertThat(described(ask(0, null))).hasSize(1);
        assertThat(described(ask(Integer.MAX_VALUE, null))).hasSize(2000);
    }

    @Test
    void shouldTellUnknownAndIllegalNames() {
        assertThat(described(ask(10, null, "absent", "a b")))
                .containsExactly("a b!INVALID_TOPIC_EXCEPTION", "absent!UNKNOWN_TOPIC_OR_PARTITION");
    }

    @Test
    void shouldGoOnWithTheNextTopicWhenTheOneOfTheCursorIsGone() {
        // given
        kernel.cluster.addTopic("c", 1);

        // then
        assertThat(described(ask(10, cursor("b", 1)))).containsExactly("c-0");
    }

    @Test
    void shouldRefuseACursorOutsideTheNamedTopics() {
        // given
        kernel.cluster.addTopic("a", 1);

        // then
        assertThat(described(ask(10, cursor("b", 0), "a"))).containsExactly("a!INVALID_REQUEST");
        assertThat(described(ask(10, cursor("a", -1), "a"))).containsExactly("a!INVALID_REQUEST");
    }
}
