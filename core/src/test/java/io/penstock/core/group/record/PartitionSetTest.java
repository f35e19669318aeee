package io.penstock.core.group.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class PartitionSetTest {
    private static final Uuid FIRST = new Uuid(1, 1);
    private static final Uuid SECOND = new Uuid(1, 2);
    private static final List<Uuid> TOPICS = List.of(FIRST, SECOND, new Uuid(-5, 0), new Uuid(7, -7));

    @Test
    void shouldKeepTopicsAndPartitionsInOrderEachOnce() {
        // when
        PartitionSet set = new PartitionSet.Builder()
                .add(SECOND, 3)
                .addAll(FIRST, 9, 2, 9)
                .add(SECOND, 1)
                .addAll(new Uuid(9, 9))
                .build();

        // then
        assertThat(set.topicIds()).containsExactly(FIRST, SECOND);
        assertThat(set.partitions(FIRST)).containsExactly(2, 9);
        assertThat(set.partitionList(SECOND)).containsExactly(1, 3);
        assertThat(set.partitionCount()).isEqualTo(4);
        assertThat(set.topicCount()).isEqualTo(2);
        assertThat(set).hasToString("{" + FIRST + "=[2, 9], " + SECOND + "=[1, 3]}");
    }

    @Test
    void shouldHaveNothingOfTopicsThatAreNotThere() {
        PartitionSet set = PartitionSet.of(FIRST, 1);
        assertThat(set.partitions(SECOND)).isEmpty();
        assertThat(set.partitionList(SECOND)).isEmpty();
        assertThat(set.contains(SECOND, 1)).isFalse();
        assertThat(set.contains(FIRST, 2)).isFalse();
    }

    @Test
    void shouldNotChangeThroughWhatItGaveOut() {
        // given
        PartitionSet set = PartitionSet.of(FIRST, 1, 2);

        // when
        set.partitions(FIRST)[0] = 7;

        // then
        assertThat(set).isEqualTo(PartitionSet.of(FIRST, 2, 1)).hasSameHashCodeAs(PartitionSet.of(FIRST, 2, 1));
    }

    @Test
    void shouldComputeAsSetsDo() {
        long seed = 5;
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            Set<String> left = new HashSet<>();
            Set<String> right = new HashSet<>();
            PartitionSet ours = random(random, left);
            PartitionSet other = random(random, right);
            String why = "seed " + seed + ", round " + round;

            assertThat(texts(ours.union(other))).as(why).isEqualTo(union(left, right));
            assertThat(texts(ours.without(other))).as(why).isEqualTo(difference(left, right));
            assertThat(texts(ours.intersection(other))).as(why).isEqualTo(difference(left, difference(left, right)));
            assertThat(ours.containsAll(other)).as(why).isEqualTo(left.containsAll(right));
            assertThat(ours.equals(other)).as(why).isEqualTo(left.equals(right));
        }
    }

    private static PartitionSet random(Random random, Set<String> same) {
        PartitionSet.Builder builder = new PartitionSet.Builder();
        int size = random.nextInt(12);
        for (int i = 0; i < size; i++) {
            Uuid topicId = TOPICS.get(random.nextInt(TOPICS.size()));
            int partition = random.nextInt(4);
            builder.add(topicId, partition);
            same.add(topicId + "-" + partition);
        }
        return builder.build();
    }

    private static Set<String> texts(PartitionSet set) {
        Set<String> texts = new HashSet<>();
        set.forEach((topicId, partition) -> texts.add(topicId + "-" + partition));
        return texts;
    }

    private static Set<String> union(Set<String> left, Set<String> right) {
        Set<String> all = new HashSet<>(left);
        all.addAll(right);
        return all;
    }

    private static Set<String> difference(Set<String> left, Set<String> right) {
        Set<String> rest = new HashSet<>(left);
        rest.removeAll(right);
        return rest;
    }

    // ---- with epochs

    @Test
    void shouldKnowWhenEachPartitionWasAssigned() {
        // given
        PartitionEpochs epochs = PartitionEpochs.of(Map.of(FIRST, Map.of(1, 5, 0, 4), SECOND, Map.of(7, 6)));

        // then
        assertThat(epochs.epoch(FIRST, 0)).isEqualTo(4);
        assertThat(epochs.epoch(FIRST, 1)).isEqualTo(5);
        assertThat(epochs.epoch(SECOND, 7)).isEqualTo(6);
        assertThat(epochs.epoch(SECOND, 0)).isEqualTo(PartitionEpochs.NOT_ASSIGNED);
        assertThat(epochs.epoch(new Uuid(9, 9), 0)).isEqualTo(PartitionEpochs.NOT_ASSIGNED);
        assertThat(epochs.partitions()).isEqualTo(PartitionSet.of(Map.of(FIRST, List.of(0, 1), SECOND, List.of(7))));
    }

    @Test
    void shouldCarryEpochsAlong() {
        // given
        PartitionEpochs epochs = PartitionEpochs.of(Map.of(FIRST, Map.of(1, 5, 0, 4)));

        // then
        assertThat(epochs.intersection(PartitionSet.of(FIRST, 1, 2)))
                .isEqualTo(PartitionEpochs.of(PartitionSet.of(FIRST, 1), 5));
        assertThat(epochs.without(PartitionSet.of(FIRST, 1)))
                .isEqualTo(PartitionEpochs.of(PartitionSet.of(FIRST, 0), 4));
        assertThat(epochs.union(PartitionEpochs.of(PartitionSet.of(FIRST, 1, 3), 8)))
                .isEqualTo(PartitionEpochs.of(Map.of(FIRST, Map.of(0, 4, 1, 5, 3, 8))));
        assertThat(epochs).isNotEqualTo(PartitionEpochs.of(PartitionSet.of(FIRST, 0, 1), 4));
        assertThat(Arrays.asList(PartitionEpochs.EMPTY, PartitionEpochs.of(PartitionSet.EMPTY, 3)))
                .allMatch(PartitionEpochs::isEmpty);
    }
}
