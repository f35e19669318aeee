package io.penstock.core.group.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.core.group.consumer.TopicCatalog;
import io.penstock.core.group.record.StreamsTopology;
import io.penstock.core.group.record.StreamsTopology.Config;
import io.penstock.core.group.record.StreamsTopology.CopartitionGroup;
import io.penstock.core.group.record.StreamsTopology.InternalTopic;
import io.penstock.core.group.record.StreamsTopology.Subtopology;
import io.penstock.core.group.streams.TopologyPlan.PlannedTopic;
import io.penstock.core.group.streams.TopologyPlan.Problem;
import io.penstock.core.group.streams.TopologyPlan.ProblemKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TopologyPlannerTest {
    private final Map<String, Integer> topics = new TreeMap<>();

    /** Topics by name, each with so many partitions. */
    private final TopicCatalog catalog = new TopicCatalog() {
        @Override
        public @Nullable KnownTopic topic(String name) {
            Integer count = topics.get(name);
            return count == null ? null : new KnownTopic(name, new Uuid(name.hashCode(), 1), count);
        }

        @Override
        public @Nullable KnownTopic topic(Uuid id) {
            return null;
        }

        @Override
        public Collection<String> names() {
            return topics.keySet();
        }

        @Override
        public long version() {
            return 9;
        }
    };

    private static InternalTopic topic(String name, int partitions) {
        return new InternalTopic(name, partitions, (short) 0, List.of());
    }

    private static Subtopology subtopology(
            String id,
            List<String> sources,
            List<InternalTopic> repartitionSources,
            List<String> sinks,
            List<InternalTopic> changelogs,
            CopartitionGroup... groups) {
        return new Subtopology(id, sources, List.of(), changelogs, sinks, repartitionSources, List.of(groups));
    }

    private TopologyPlan plan(Subtopology... subtopologies) {
        try {
            return TopologyPlanner.plan(new StreamsTopology(3, List.of(subtopologies)), catalog);
        } catch (InvalidTopologyException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> missing(TopologyPlan plan) {
        return plan.missing().stream()
                .map(topic -> topic.name() + ":" + topic.partitions())
                .sorted()
                .toList();
    }

    private static Problem problem(TopologyPlan plan) {
        return Objects.requireNonNull(plan.problem());
    }

    /** Reads {@code in}, repartitions it, keeps state behind that. */
    private static Subtopology[] wordCount(int repartitionPartitions) {
        return new Subtopology[] {
            subtopology("0", List.of("in"), List.of(), List.of("rep"), List.of()),
            subtopology(
                    "1", List.of(), List.of(topic("rep", repartitionPartitions)), List.of(), List.of(topic("log", 0)))
        };
    }

    @Test
    void shouldGiveRepartitionTopicsAndChangelogsAsManyPartitionsAsTheirSourcesHave() {
        // given
        topics.put("in", 5);

        // when
        TopologyPlan plan = plan(wordCount(0));

        // then
        assertThat(missing(plan)).containsExactly("log:5", "rep:5");
        assertThat(plan.isReady()).isFalse();
        assertThat(problem(plan).kind()).isEqualTo(ProblemKind.MISSING_INTERNAL_TOPICS);
        assertThat(problem(plan).detail()).isEqualTo("Internal topics are missing: rep, log");
        assertThat(plan.subtopologies().get("1"))
                .isNotNull()
                .satisfies(planned -> assertThat(planned.taskCount()).isEqualTo(5));
    }

    @Test
    void shouldGiveRepartitionTopicsThePartitionsThatTheApplicationWants() {
        // given
        topics.put("in", 5);

        // when, then
        assertThat(missing(plan(wordCount(7)))).containsExactly("log:7", "rep:7");
    }

    @Test
    void shouldBeReadyWhenAllTopicsAreThere() {
        // given
        topics.putAll(Map.of("in", 5, "rep", 5, "log", 5));

        // when
        TopologyPlan plan = plan(wordCount(0));

        // then
        assertThat(plan.isReady()).isTrue();
        assertThat(plan.topologyEpoch()).isEqualTo(3);
        assertThat(plan.catalogVersion()).isEqualTo(9);
        assertThat(plan.missing()).isEmpty();
    }

    @Test
    void shouldTellWhichSourceTopicsAreMissing() {
        // when
        TopologyPlan plan = plan(subtopology("0", List.of("d", "b", "c", "a", "e"), List.of(), List.of(), List.of()));

        // then
        assertThat(problem(plan))
                .isEqualTo(new Problem(
                        ProblemKind.MISSING_SOURCE_TOPICS,
                        "Source topics a, b, c and 2 additional topics are missing."));
        assertThat(plan.missing()).isEmpty();
        assertThat(plan.subtopologies()).isEmpty();
    }

    @Test
    void shouldRefuseInternalTopicsThatExistWithOtherPartitions() {
        // given
        topics.putAll(Map.of("in", 5, "rep", 5, "log", 4));

        // when, then
        assertThat(problem(plan(wordCount(0))))
                .isEqualTo(new Problem(
                        ProblemKind.INCORRECTLY_PARTITIONED_TOPICS,
                        "Existing topic log has different number of partitions: expected 5, found 4"));
    }

    @Test
    void shouldFollowRepartitionTopicsThroughManySubtopologies() {
        // given: the last is named first
        topics.put("in", 3);

        // when
        TopologyPlan plan = plan(
                subtopology("2", List.of(), List.of(topic("second", 0)), List.of(), List.of(topic("log", 0))),
                subtopology("1", List.of(), List.of(topic("first", 0)), List.of("second"), List.of()),
                subtopology("0", List.of("in"), List.of(), List.of("first"), List.of()));

        // then
        assertThat(missing(plan)).containsExactly("first:3", "log:3", "second:3");
    }

    @Test
    void shouldTakeTheMostPartitionsOfSeveralSources() {
        // given
        topics.putAll(Map.of("in", 3, "other", 8));

        // when
        TopologyPlan plan =
                plan(subtopology("0", List.of("in", "other"), List.of(), List.of(), List.of(topic("log", 0))));

        // then
        assertThat(missing(plan)).containsExactly("log:8");
    }

    @Test
    void shouldNotCountOnARepartitionTopicThatIsOnlyRead() {
        // given
        topics.putAll(Map.of("in", 5, "rep", 5));

        // when, then
        assertInvalid(
                "never used as a sink topic",
                subtopology("0", List.of("in"), List.of(topic("rep", 0)), List.of(), List.of(topic("log", 0))));
    }

    // ---- joined topics

    @Test
    void shouldGiveARepartitionTopicThePartitionsOfTheTopicThatItIsJoinedWith() {
        // given
        topics.putAll(Map.of("in", 5, "table", 2));

        // when
        TopologyPlan plan = plan(
                subtopology("0", List.of("in"), List.of(), List.of("rep"), List.of()),
                subtopology(
                        "1",
                        List.of("table"),
                        List.of(topic("rep", 0)),
                        List.of(),
                        List.of(topic("log", 0)),
                        new CopartitionGroup(List.of((short) 0), List.of(), List.of((short) 0))));

        // then
        assertThat(missing(plan)).containsExactly("log:2", "rep:2");
    }

    @Test
    void shouldRefuseJoinedTopicsWithDifferentPartitions() {
        // given
        topics.putAll(Map.of("in", 5, "table", 2));

        // when
        TopologyPlan plan = plan(subtopology(
                "0",
                List.of("in", "table"),
                List.of(),
                List.of(),
                List.of(),
                new CopartitionGroup(List.of((short) 0, (short) 1), List.of(), List.of())));

        // then
        assertThat(problem(plan))
                .isEqualTo(new Problem(
                        ProblemKind.INCORRECTLY_PARTITIONED_TOPICS,
                        "Following topics do not have the same number of partitions: [{in=5, table=2}]"));
    }

    @Test
    void shouldRefuseAFixedRepartitionTopicThatDoesNotFitWhatItIsJoinedWith() {
        // given
        topics.putAll(Map.of("in", 5, "table", 2));

        // when
        TopologyPlan plan = plan(
                subtopology("0", List.of("in"), List.of(), List.of("rep"), List.of()),
                subtopology(
                        "1",
                        List.of("table"),
                        List.of(topic("rep", 4)),
                        List.of(),
                        List.of(),
                        new CopartitionGroup(List.of((short) 0), List.of(), List.of((short) 0))));

        // then
        assertThat(problem(plan).detail())
                .isEqualTo("Number of partitions [4] of repartition topic [rep] doesn't match number of partitions [2]"
                        + " of the source topic.");
    }

    @Test
    void shouldGiveRepartitionTopicsThatAreJoinedTheMostPartitionsOfThem() {
        // given
        topics.putAll(Map.of("in", 5, "other", 2));

        // when
        TopologyPlan plan = plan(
                subtopology("0", List.of("in"), List.of(), List.of("left"), List.of()),
                subtopology("1", List.of("other"), List.of(), List.of("right"), List.of()),
                subtopology(
                        "2",
                        List.of(),
                        List.of(topic("left", 0), topic("right", 0)),
                        List.of(),
                        List.of(),
                        new CopartitionGroup(List.of(), List.of(), List.of((short) 0, (short) 1))));

        // then
        assertThat(missing(plan)).containsExactly("left:5", "right:5");
    }

    // ---- topologies that cannot work

    private void assertInvalid(String message, Subtopology... subtopologies) {
        assertThatThrownBy(() -> TopologyPlanner.plan(new StreamsTopology(1, List.of(subtopologies)), catalog))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessageContaining(message);
    }

    @Test
    void shouldRefuseTopologiesThatContradictThemselves() {
        topics.put("in", 1);
        assertInvalid("No source topics found", subtopology("0", List.of(), List.of(), List.of(), List.of()));
        assertInvalid(
                "never used as a sink topic",
                subtopology("0", List.of(), List.of(topic("rep", 0)), List.of(), List.of()));
        assertInvalid(
                "loops",
                subtopology("0", List.of(), List.of(topic("a", 0)), List.of("b"), List.of()),
                subtopology("1", List.of(), List.of(topic("b", 0)), List.of("a"), List.of()));
        assertInvalid(
                "is there twice",
                subtopology("0", List.of("in"), List.of(), List.of(), List.of()),
                subtopology("0", List.of("in"), List.of(), List.of(), List.of()));
        assertInvalid(
                "names a topic that is not there",
                subtopology(
                        "0",
                        List.of("in"),
                        List.of(),
                        List.of(),
                        List.of(),
                        new CopartitionGroup(List.of((short) 1), List.of(), List.of())));
        assertInvalid(
                "Number of partitions must be set",
                subtopology("0", List.of("in"), List.of(topic("rep", -1)), List.of("rep"), List.of()));
    }

    @Test
    void shouldHandOnWhatTheApplicationWantsOfItsTopics() {
        // given
        topics.put("in", 2);
        InternalTopic changelog =
                new InternalTopic("log", 0, (short) 3, List.of(new Config("cleanup.policy", "compact")));

        // when
        TopologyPlan plan = plan(subtopology("0", List.of("in"), List.of(), List.of(), List.of(changelog)));

        // then
        assertThat(new ArrayList<>(plan.missing()))
                .extracting(PlannedTopic::replicationFactor, PlannedTopic::configs)
                .containsExactly(tuple((short) 3, new TreeMap<>(Map.of("cleanup.policy", "compact"))));
    }
}
