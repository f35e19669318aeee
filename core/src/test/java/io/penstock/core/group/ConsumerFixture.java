package io.penstock.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.consumer.ConsumerMember;
import io.penstock.core.group.record.PartitionSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Consumer group {@code g} in a shard, with topic {@code t} of six partitions and targets that are computed without delay. */
final class ConsumerFixture {
    static final String GROUP = "g";
    static final int REBALANCE_MS = 60_000;
    static final int SESSION_MS = 45_000;
    static final ConsumerCaller CALLER = new ConsumerCaller("client", "/127.0.0.1", true);
    static final ConsumerGroupSettings CONSUMER_SETTINGS = new ConsumerGroupSettings(
            SESSION_MS,
            5_000,
            Integer.MAX_VALUE,
            List.of("uniform", "range"),
            MigrationPolicy.BIDIRECTIONAL,
            0,
            600_000,
            ConsumerGroupSettings.Bounds.NONE);

    final ShardFixture broker;
    final Map<String, Map<String, String>> configs = new HashMap<>();
    final List<TopicSearch> searches = new ArrayList<>();

    ConsumerFixture() {
        this(CONSUMER_SETTINGS);
    }

    ConsumerFixture(ConsumerGroupSettings settings) {
        this(settings, Integer.MAX_VALUE);
    }

    ConsumerFixture(ConsumerGroupSettings settings, int maxClassicMembers) {
        GroupSettings base = GroupSettings.DEFAULT;
        broker = new ShardFixture(
                new GroupSettings(
                        base.minSessionTimeoutMs(),
                        base.maxSessionTimeoutMs(),
                        base.initialRebalanceDelayMs(),
                        maxClassicMembers,
                        base.offsetsRetentionMs(),
                        base.offsetsCheckIntervalMs(),
                        base.offsetMetadataMaxChars(),
                        base.maxMemberBytes(),
                        base.maxWaitingCommands(),
                        settings),
                new GroupSurroundings(groupId -> configs.getOrDefault(groupId, Map.of()), patterns()));
        broker.onTopics(TestTopics.NONE.with("t", 6), true);
    }

    /** Patterns are those that end with an asterisk; searches are remembered, and done by {@link #finishSearch}. */
    private TopicPatterns patterns() {
        return new TopicPatterns() {
            @Override
            public @Nullable String flaw(String pattern) {
                return pattern.endsWith("*") ? null : "no asterisk";
            }

            @Override
            public void search(TopicSearch search) {
                searches.add(search);
            }
        };
    }

    /** Does the oldest search that waits. */
    void finishSearch() {
        TopicSearch search = searches.remove(0);
        Map<String, List<String>> found = new HashMap<>();
        for (String pattern : search.patterns()) {
            String prefix = pattern.substring(0, pattern.length() - 1);
            found.put(
                    pattern,
                    search.catalog().names().stream()
                            .filter(name -> name.startsWith(prefix))
                            .sorted()
                            .toList());
        }
        broker.submit(GroupCommands.onTopicsFound(search, found));
    }

    // ---- asking

    /** A first request: subscribed to topic {@code t}, nothing owned. */
    static ConsumerGroupHeartbeatRequestData joinRequest(String memberId) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(ConsumerMember.JOINING_EPOCH)
                .setRebalanceTimeoutMs(REBALANCE_MS)
                .setSubscribedTopicNames(List.of("t"))
                .setTopicPartitions(List.of());
    }

    /** A request that says nothing but that the member is there, in that epoch. */
    static ConsumerGroupHeartbeatRequestData beatRequest(String memberId, int epoch) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(epoch);
    }

    ConsumerGroupHeartbeatResponseData ask(ConsumerGroupHeartbeatRequestData request) {
        return ask(request, CALLER);
    }

    ConsumerGroupHeartbeatResponseData ask(ConsumerGroupHeartbeatRequestData request, ConsumerCaller caller) {
        Answer<ConsumerGroupHeartbeatResponseData> answer = new Answer<>();
        broker.submit(GroupCommands.consumerHeartbeat(request, caller, answer));
        return answer.get();
    }

    /** The error of a request; {@link Errors#NONE} if it was answered. */
    Errors errorOf(ConsumerGroupHeartbeatRequestData request) {
        return Errors.forCode(ask(request).errorCode());
    }

    ConsumerGroupHeartbeatResponseData heard(ConsumerGroupHeartbeatRequestData request) {
        ConsumerGroupHeartbeatResponseData answer = ask(request);
        assertThat(Errors.forCode(answer.errorCode())).as(answer.errorMessage()).isEqualTo(Errors.NONE);
        return answer;
    }

    ConsumerGroupHeartbeatResponseData join(String memberId) {
        return heard(joinRequest(memberId));
    }

    ConsumerGroupHeartbeatResponseData beat(String memberId, int epoch) {
        return heard(beatRequest(memberId, epoch));
    }

    /** A heartbeat that tells what the client has. */
    ConsumerGroupHeartbeatResponseData beat(String memberId, int epoch, int... ownedOfT) {
        return heard(beatRequest(memberId, epoch).setTopicPartitions(owned("t", ownedOfT)));
    }

    static List<ConsumerGroupHeartbeatRequestData.TopicPartitions> owned(String topic, int... partitions) {
        if (partitions.length == 0) {
            return List.of();
        }
        return List.of(new ConsumerGroupHeartbeatRequestData.TopicPartitions()
                .setTopicId(TestTopics.id(topic))
                .setPartitions(IntStream.of(partitions).boxed().toList()));
    }

    /** Partitions of topic {@code t} in an answer, ascending; null if the answer says nothing of partitions. */
    static @Nullable List<Integer> assigned(ConsumerGroupHeartbeatResponseData answer) {
        return assigned(answer, "t");
    }

    static @Nullable List<Integer> assigned(ConsumerGroupHeartbeatResponseData answer, String topic) {
        if (answer.assignment() == null) {
            return null;
        }
        return answer.assignment().topicPartitions().stream()
                .filter(partitions -> partitions.topicId().equals(TestTopics.id(topic)))
                .findFirst()
                .map(partitions -> List.copyOf(new TreeSet<>(partitions.partitions())))
                .orElse(List.of());
    }

    /** Lets so many members join and brings all to their targets. */
    void stableGroup(String... memberIds) {
        for (String memberId : memberIds) {
            join(memberId);
        }
        settle(memberIds);
    }

    /** All members give up what they must and take what they get until the group is stable. */
    void settle(String... memberIds) {
        for (int round = 0; round < 4; round++) {
            for (String memberId : memberIds) {
                ConsumerMember member = member(memberId);
                List<ConsumerGroupHeartbeatRequestData.TopicPartitions> owned = new ArrayList<>();
                PartitionSet assigned = member.assigned().partitions();
                assigned.topicIds()
                        .forEach(id -> owned.add(new ConsumerGroupHeartbeatRequestData.TopicPartitions()
                                .setTopicId(id)
                                .setPartitions(assigned.partitionList(id))));
                heard(beatRequest(memberId, member.epoch()).setTopicPartitions(owned));
            }
        }
        assertThat(broker.shard.group(GROUP)).isNotNull();
        assertThat(state()).isEqualTo("Stable");
    }

    // ---- looking

    ConsumerGroup group() {
        return (ConsumerGroup) Objects.requireNonNull(broker.shard.group(GROUP));
    }

    ConsumerMember member(String memberId) {
        return Objects.requireNonNull(group().member(memberId));
    }

    /** Partitions of topic {@code t} that a member may read. */
    List<Integer> has(String memberId) {
        return member(memberId).assigned().partitions().partitionList(TestTopics.id("t"));
    }

    String state() {
        return Objects.requireNonNull(broker.shard.group(GROUP)).stateName();
    }

    DescribedGroup described() {
        return GroupListing.describeConsumer(broker.shard, GROUP);
    }
}
