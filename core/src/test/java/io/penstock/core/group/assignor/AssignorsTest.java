package io.penstock.core.group.assignor;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.assignor.AssignorInput.Member;
import io.penstock.core.group.record.PartitionSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our assignors beside Kafka's own, on random groups that change from round to round. */
class AssignorsTest {
    private static final Assignor UNIFORM = new UniformAssignor();
    private static final Assignor RANGE = new RangeAssignor();
    private static final Assignor KAFKAS_UNIFORM =
            new KafkasAssignor(new org.apache.kafka.coordinator.group.assignor.UniformAssignor());
    private static final Assignor KAFKAS_RANGE =
            new KafkasAssignor(new org.apache.kafka.coordinator.group.assignor.RangeAssignor());

    private static final Uuid FIRST = new Uuid(1, 1);
    private static final Uuid SECOND = new Uuid(1, 2);
    private static final Uuid THIRD = new Uuid(1, 3);

    private enum Subscribers {
        ALIKE,
        DIFFERENT
    }

    // ---- both

    @ParameterizedTest
    @EnumSource
    void shouldGiveEveryPartitionToOneOfItsSubscribers(Subscribers subscribers) {
        for (Assignor assignor : List.of(UNIFORM, RANGE)) {
            forManyGroups(subscribers, (group, why) -> {
                AssignorInput input = group.input();
                Map<String, PartitionSet> targets = assignor.assign(input);
                checkComplete(input, targets, assignor.name() + why);
                group.carryOut(targets);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveBackTheVerySetsIfNothingHasChanged(Subscribers subscribers) {
        for (Assignor assignor : List.of(UNIFORM, RANGE)) {
            forManyGroups(subscribers, (group, why) -> {
                group.carryOut(assignor.assign(group.input()));
                AssignorInput settled = group.input();
                assignor.assign(settled)
                        .forEach((memberId, target) -> assertThat(target)
                                .as(assignor.name() + why)
                                .isSameAs(member(settled, memberId).target()));
            });
        }
    }

    @Test
    void shouldHaveTheNamesThatMembersAskFor() {
        assertThat(UNIFORM.name()).isEqualTo(KAFKAS_UNIFORM.name());
        assertThat(RANGE.name()).isEqualTo(KAFKAS_RANGE.name());
    }

    @Test
    void shouldGiveNothingToNobodyAndToMembersThatReadNothing() {
        AssignorInput nobody = new AssignorInput(Map.of(), Map.of(FIRST, 3));
        AssignorInput nothingRead = input(Map.of(FIRST, 3), Map.of("a", Set.of(), "b", Set.of()));
        AssignorInput nothingThere = input(Map.of(), Map.of("a", Set.of(FIRST), "b", Set.of(SECOND)));
        for (Assignor assignor : List.of(UNIFORM, RANGE)) {
            assertThat(assignor.assign(nobody)).isEmpty();
            assertThat(assignor.assign(nothingRead))
                    .isEqualTo(Map.of("a", PartitionSet.EMPTY, "b", PartitionSet.EMPTY));
            assertThat(assignor.assign(nothingThere))
                    .isEqualTo(Map.of("a", PartitionSet.EMPTY, "b", PartitionSet.EMPTY));
        }
    }

    // ---- range

    @ParameterizedTest
    @EnumSource
    void shouldCutTheSameRangesAsKafka(Subscribers subscribers) {
        forManyGroups(subscribers, (group, why) -> {
            Map<String, PartitionSet> targets = RANGE.assign(group.input());
            assertThat(targets).as(why).isEqualTo(KAFKAS_RANGE.assign(group.input()));
            group.carryOut(targets);
        });
    }

    // ---- uniform, all alike

    @Test
    void shouldDivideEquallyIfAllSubscribeAlike() {
        forManyGroups(Subscribers.ALIKE, (group, why) -> {
            AssignorInput input = group.input();
            Map<String, PartitionSet> targets = UNIFORM.assign(input);
            int[] sizes = sizes(targets);
            assertThat(IntStream.of(sizes).max().orElse(0)
                            - IntStream.of(sizes).min().orElse(0))
                    .as(why)
                    .isLessThanOrEqualTo(1);
            group.carryOut(targets);
        });
    }

    @Test
    void shouldMoveNoMoreThanKafkaIfAllSubscribeAlike() {
        forManyGroups(Subscribers.ALIKE, (group, why) -> {
            AssignorInput input = group.input();
            Map<String, PartitionSet> targets = UNIFORM.assign(input);
            assertThat(lost(input, targets)).as(why).isLessThanOrEqualTo(lost(input, KAFKAS_UNIFORM.assign(input)));
            group.carryOut(targets);
        });
    }

    @Test
    void shouldOnlyTakeFromOthersWhatANewMemberIsToHave() {
        // given
        Member fourth = new Member(null, Set.of(FIRST), PartitionSet.EMPTY);
        Map<String, Member> members = new LinkedHashMap<>();
        members.put("a", new Member(null, Set.of(FIRST), PartitionSet.of(FIRST, 0, 1, 2, 3)));
        members.put("b", new Member(null, Set.of(FIRST), PartitionSet.of(FIRST, 4, 5, 6, 7)));
        members.put("c", new Member(null, Set.of(FIRST), PartitionSet.of(FIRST, 8, 9, 10, 11)));
        members.put("d", fourth);

        // when
        Map<String, PartitionSet> targets = UNIFORM.assign(new AssignorInput(members, Map.of(FIRST, 12)));

        // then
        assertThat(targets)
                .isEqualTo(Map.of(
                        "a", PartitionSet.of(FIRST, 0, 1, 2),
                        "b", PartitionSet.of(FIRST, 4, 5, 6),
                        "c", PartitionSet.of(FIRST, 8, 9, 10),
                        "d", PartitionSet.of(FIRST, 3, 7, 11)));
    }

    @Test
    void shouldLeaveTheOneMoreToThoseWhoHaveIt() {
        // given: 5 partitions, and the third member that had 2 of them is the last in order
        Map<String, Member> members = Map.of(
                "a", new Member(null, Set.of(FIRST), PartitionSet.of(FIRST, 0)),
                "b", new Member(null, Set.of(FIRST), PartitionSet.of(FIRST, 1, 2)),
                "c", new Member(null, Set.of(FIRST), PartitionSet.of(FIRST, 3, 4)));

        // when
        AssignorInput input = new AssignorInput(members, Map.of(FIRST, 5));
        Map<String, PartitionSet> targets = UNIFORM.assign(input);

        // then
        targets.forEach((memberId, target) ->
                assertThat(target).isSameAs(member(input, memberId).target()));
    }

    @Test
    void shouldNotBelieveThatTwoHaveOnePartition() {
        // given: a log that was damaged, or written by somebody else
        Map<String, Member> members = Map.of(
                "a", new Member(null, Set.of(FIRST), PartitionSet.of(FIRST, 0, 1, 77)),
                "b", new Member(null, Set.of(FIRST), PartitionSet.of(FIRST, 0, 1)));
        AssignorInput input = new AssignorInput(members, Map.of(FIRST, 4));

        // when, then
        checkComplete(input, UNIFORM.assign(input), "alike");

        // given: the same with different subscriptions
        Map<String, Member> different = Map.of(
                "a", new Member(null, Set.of(FIRST), PartitionSet.of(FIRST, 0, 1, 77)),
                "b", new Member(null, Set.of(FIRST, SECOND), PartitionSet.of(FIRST, 0, 1)));
        AssignorInput differentInput = new AssignorInput(different, Map.of(FIRST, 4, SECOND, 1));

        // when, then
        checkComplete(differentInput, UNIFORM.assign(differentInput), "different");
    }

    // ---- uniform, all different

    @Test
    void shouldDivideAtLeastAsEvenlyAsKafkaIfMembersDiffer() {
        forManyGroups(Subscribers.DIFFERENT, (group, why) -> {
            AssignorInput input = group.input();
            Map<String, PartitionSet> targets = UNIFORM.assign(input);
            assertThat(unevenness(targets)).as(why).isLessThanOrEqualTo(unevenness(KAFKAS_UNIFORM.assign(input)));
            group.carryOut(targets);
        });
    }

    @Test
    void shouldFindTheMostEvenDivisionThereIs() {
        long seed = 77;
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            RandomGroup group = new RandomGroup(random, 1 + random.nextInt(4), 1 + random.nextInt(3), 3, false);
            AssignorInput input = group.input();
            assertThat(unevenness(UNIFORM.assign(input)))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(leastUnevenness(input));
        }
    }

    @Test
    void shouldHandOnOverSeveralMembersIfThatEvensOut() {
        // given: a has 3 and shares only the first topic with b, which has 2 and shares only the second one with c,
        // which has 1
        Map<String, Member> members = Map.of(
                "a", new Member(null, Set.of(FIRST), PartitionSet.of(FIRST, 0, 1, 2)),
                "b", new Member(null, Set.of(FIRST, SECOND), PartitionSet.of(SECOND, 0, 1)),
                "c", new Member(null, Set.of(SECOND, THIRD), PartitionSet.of(THIRD, 0)));

        // when
        Map<String, PartitionSet> targets =
                UNIFORM.assign(new AssignorInput(members, Map.of(FIRST, 3, SECOND, 2, THIRD, 1)));

        // then
        assertThat(sizes(targets)).containsOnly(2);
    }

    @Test
    void shouldMoveNoMoreInAllThanKafkaForTheSameEvenness() {
        int[] lost = new int[2];
        forManyGroups(Subscribers.DIFFERENT, (group, why) -> {
            AssignorInput input = group.input();
            Map<String, PartitionSet> targets = UNIFORM.assign(input);
            Map<String, PartitionSet> kafkas = KAFKAS_UNIFORM.assign(input);
            if (unevenness(targets) == unevenness(kafkas)) {
                lost[0] += lost(input, targets);
                lost[1] += lost(input, kafkas);
            }
            group.carryOut(targets);
        });
        assertThat(lost[0]).isLessThanOrEqualTo(lost[1]);
    }

    // ---- large groups

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1_000})
    void shouldDivideLargeGroupsEvenly(int topicCount) {
        for (Subscribers subscribers : Subscribers.values()) {
            RandomGroup group = new RandomGroup(
                    new Random(3), 1_000, topicCount, 20_000 / topicCount, subscribers == Subscribers.ALIKE);
            for (int round = 0; round < 3; round++) {
                AssignorInput input = group.input();
                Map<String, PartitionSet> targets = UNIFORM.assign(input);
                checkComplete(input, targets, subscribers + " " + topicCount);
                int[] sizes = sizes(targets);
                if (topicCount > 1) {
                    assertThat(IntStream.of(sizes).max().orElse(0)
                                    - IntStream.of(sizes).min().orElse(0))
                            .isLessThanOrEqualTo(1);
                }
                group.carryOut(targets);
                group.change();
            }
        }
    }

    // ---- helpers

    @FunctionalInterface
    private interface Check {
        void check(RandomGroup group, String why);
    }

    private static void forManyGroups(Subscribers subscribers, Check check) {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            RandomGroup group = new RandomGroup(
                    random,
                    1 + random.nextInt(12),
                    1 + random.nextInt(8),
                    1 + random.nextInt(12),
                    subscribers == Subscribers.ALIKE);
            for (int round = 0; round < 20; round++) {
                check.check(group, " seed " + seed + ", round " + round);
                group.change();
            }
        }
    }

    private static AssignorInput input(Map<Uuid, Integer> partitionCounts, Map<String, Set<Uuid>> subscriptions) {
        Map<String, Member> members = new LinkedHashMap<>();
        subscriptions.forEach(
                (memberId, topics) -> members.put(memberId, new Member(null, topics, PartitionSet.EMPTY)));
        return new AssignorInput(members, partitionCounts);
    }

    private static Member member(AssignorInput input, String memberId) {
        Member member = input.members().get(memberId);
        if (member == null) {
            throw new AssertionError("no member " + memberId);
        }
        return member;
    }

    private static void checkComplete(AssignorInput input, Map<String, PartitionSet> targets, String why) {
        assertThat(targets.keySet()).as(why).isEqualTo(input.members().keySet());
        Set<String> given = new HashSet<>();
        targets.forEach((memberId, target) -> {
            assertThat(member(input, memberId).topicIds()).as(why).containsAll(target.topicIds());
            target.forEach((topicId, partition) -> {
                assertThat(partition).as(why).isBetween(0, input.partitionCount(topicId) - 1);
                assertThat(given.add(topicId + "-" + partition)).as(why).isTrue();
            });
        });
        int expected = input.members().values().stream()
                .flatMap(member -> member.topicIds().stream())
                .distinct()
                .mapToInt(input::partitionCount)
                .sum();
        assertThat(given).as(why).hasSize(expected);
    }

    private static int[] sizes(Map<String, PartitionSet> targets) {
        return targets.values().stream().mapToInt(PartitionSet::partitionCount).toArray();
    }

    /** Sum of the squares: the less, the more even. */
    private static long unevenness(Map<String, PartitionSet> targets) {
        return IntStream.of(sizes(targets))
                .mapToLong(size -> (long) size * size)
                .sum();
    }

    /** How many partitions members have to give up although they still subscribe to them. */
    private static int lost(AssignorInput input, Map<String, PartitionSet> targets) {
        int lost = 0;
        for (Map.Entry<String, PartitionSet> target : targets.entrySet()) {
            Member member = member(input, target.getKey());
            lost += member.target()
                    .without(target.getValue())
                    .filter((topicId, partition) -> member.topicIds().contains(topicId))
                    .partitionCount();
        }
        return lost;
    }

    /** Tries all ways to divide; for very small groups. */
    private static long leastUnevenness(AssignorInput input) {
        List<Member> members = List.copyOf(input.members().values());
        List<Uuid> partitions = input.partitionCounts().keySet().stream()
                .filter(topicId -> members.stream().anyMatch(m -> m.topicIds().contains(topicId)))
                .flatMap(topicId ->
                        IntStream.range(0, input.partitionCount(topicId)).mapToObj(partition -> topicId))
                .toList();
        return leastUnevenness(members, partitions, 0, new int[members.size()]);
    }

    private static long leastUnevenness(List<Member> members, List<Uuid> partitions, int next, int[] sizes) {
        if (next == partitions.size()) {
            return IntStream.of(sizes).mapToLong(size -> (long) size * size).sum();
        }
        long least = Long.MAX_VALUE;
        for (int member = 0; member < sizes.length; member++) {
            if (members.get(member).topicIds().contains(partitions.get(next))) {
                sizes[member]++;
                least = Math.min(least, leastUnevenness(members, partitions, next + 1, sizes));
                sizes[member]--;
            }
        }
        return least;
    }
}
