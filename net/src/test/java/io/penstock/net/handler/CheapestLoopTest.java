package io.penstock.net.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.handler.fetch.FetchHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where Produce and Fetch want their connections to be served. */
class CheapestLoopTest {
    private static final short PRODUCE = 13;
    private static final short FETCH = 18;
    private static final short FETCH_BY_NAME = 12;
    private static final int PARTITIONS = 40;

    private final FakeKernel kernel = new FakeKernel();
    private final ProduceHandler produce = new ProduceHandler(kernel);
    private final FetchHandler fetch = new FetchHandler(
            kernel,
            1,
            1,
            1,
            (delay, task) -> {
                throw new AssertionError("expected to be asked only, was made to wait");
            },
            () -> 0);
    private final Thread one = new Thread();
    private final Thread other = new Thread();

    @BeforeEach
    void addTopic() {
        kernel.cluster.addTopic("t", PARTITIONS);
    }

    private void home(Thread loop, int... partitions) {
        for (int partition : partitions) {
            kernel.router.homes.put(kernel.cluster.partition("t", partition), loop);
        }
    }

    private @Nullable Thread forProduceTo(int... partitions) {
        TopicProduceData topic = new TopicProduceData().setName("t").setTopicId(topicId());
        for (int partition : partitions) {
            topic.partitionData().add(new PartitionProduceData().setIndex(partition));
        }
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(topic);
        return produce.cheapestLoop(new ProduceRequestData().setTopicData(topics), PRODUCE);
    }

    private @Nullable Thread forFetchOf(int... partitions) {
        return fetch.cheapestLoop(fetchOf(partitions), FETCH);
    }

    private FetchRequestData fetchOf(int... partitions) {
        FetchTopic topic = new FetchTopic().setTopic("t").setTopicId(topicId());
        for (int partition : partitions) {
            topic.partitions().add(new FetchPartition().setPartition(partition));
        }
        return new FetchRequestData().setTopics(new ArrayList<>(List.of(topic)));
    }

    private Uuid topicId() {
        return kernel.cluster.topic("t").id();
    }

    @Test
    void shouldBeTheLoopOfMoreThanHalfOfThePartitions() {
        // given
        home(one, 0);
        home(other, 1, 2);

        // then
        assertThat(forProduceTo(0)).isSameAs(forFetchOf(0)).isSameAs(one);
        assertThat(forProduceTo(0, 1, 2)).isSameAs(forFetchOf(0, 1, 2)).isSameAs(other);
        assertThat(forProduceTo(0, 1)).isSameAs(forFetchOf(0, 1)).isNull();
    }

    @Test
    void shouldCountPartitionsThatAreNotHereForNoLoop() {
        // given
        int notOpen = 3;
        int unknown = PARTITIONS;
        home(one, 0, 1);

        // then
        assertThat(forProduceTo(notOpen)).isSameAs(forFetchOf(notOpen)).isNull();
        assertThat(forProduceTo(unknown)).isSameAs(forFetchOf(unknown)).isNull();
        assertThat(forProduceTo(0, notOpen)).isSameAs(forFetchOf(0, unknown)).isNull();
        assertThat(forProduceTo(0, 1, notOpen))
                .isSameAs(forFetchOf(0, 1, unknown))
                .isSameAs(one);
    }

    @Test
    void shouldBeNoneForARequestWithoutPartitions() {
        assertThat(forProduceTo()).isNull();
        assertThat(forFetchOf()).isNull();
    }

    @Test
    void shouldLookAtTheFirstSixteenPartitionsOnly() {
        // given
        int[] all = IntStream.range(0, PARTITIONS).toArray();
        home(other, all);
        home(one, IntStream.range(0, 9).toArray());

        // then
        assertThat(forProduceTo(all)).isSameAs(forFetchOf(all)).isSameAs(one);
    }

    @Test
    void shouldFindTopicsByNameWhereTheVersionHasNoIds() {
        // given
        home(one, 0);
        FetchRequestData byName = fetchOf(0);
        byName.topics().get(0).setTopicId(Uuid.ZERO_UUID);

        // then
        assertThat(fetch.cheapestLoop(byName, FETCH_BY_NAME)).isSameAs(one);
        assertThat(fetch.cheapestLoop(byName, FETCH)).isNull();
    }

    @Test
    void shouldBeNoneForAFetchThatContinuesASession() {
        // given
        home(one, 0);

        // then
        for (int begins : new int[] {-1, 0}) {
            assertThat(fetch.cheapestLoop(fetchOf(0).setSessionEpoch(begins), FETCH))
                    .isSameAs(one);
        }
        assertThat(fetch.cheapestLoop(fetchOf(0).setSessionId(7).setSessionEpoch(1), FETCH))
                .isNull();
    }
}
