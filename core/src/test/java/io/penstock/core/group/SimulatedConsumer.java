package io.penstock.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.consumer.ConsumerMember;
import io.penstock.core.group.record.PartitionSet;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A client of the consumer protocol, as Kafka's own behaves: it takes partitions only when it was told to, gives up what it is not told
 * any more, says what it has whenever it has done what it was told, be it that nothing has changed, and says everything after an answer
 * was lost.
 */
final class SimulatedConsumer {
    final String id;
    final @Nullable String instanceId;
    int epoch = ConsumerMember.JOINING_EPOCH;
    PartitionSet owned = PartitionSet.EMPTY;
    private List<String> topics;
    private boolean isSubscriptionDue;
    private boolean isReportDue;
    private boolean isEverythingDue = true;
    private boolean hasFailed;
    /** What it was told last. */
    private PartitionSet wanted = PartitionSet.EMPTY;
    /** Whether it has not done yet what it was told last. */
    private boolean isBehind;

    SimulatedConsumer(String id, @Nullable String instanceId, List<String> topics) {
        this.id = id;
        this.instanceId = instanceId;
        this.topics = topics;
    }

    /** Whether it was refused in a way that a client does not survive. */
    boolean hasFailed() {
        return hasFailed;
    }

    void subscribe(List<String> newTopics) {
        topics = newTopics;
        isSubscriptionDue = true;
    }

    /**
     * Does what it was told last: gives up first, takes later. It says what it has only when it has done all that it was told: a
     * partition that it did not name would count as given up, while it is about to take it.
     */
    void work() {
        if (!isBehind) {
            return;
        }
        PartitionSet kept = owned.intersection(wanted);
        owned = kept.equals(owned) ? wanted : kept;
        isBehind = !owned.equals(wanted);
        isReportDue = !isBehind;
    }

    /**
     * Sends a heartbeat; its answer may be lost. Before it says everything it finishes what it was told: KIP-848 takes a partition that is
     * not named then for one that was given up, and cannot know of a client that is about to take it.
     */
    void beat(ConsumerFixture groups, boolean isAnswerLost) {
        if (isEverythingDue) {
            work();
            work();
        }
        ConsumerGroupHeartbeatResponseData answer = groups.ask(request());
        isSubscriptionDue = false;
        isReportDue = false;
        isEverythingDue = isAnswerLost;
        if (!isAnswerLost) {
            onAnswer(answer, groups);
        }
    }

    private void onAnswer(ConsumerGroupHeartbeatResponseData answer, ConsumerFixture groups) {
        Errors error = Errors.forCode(answer.errorCode());
        if (error == Errors.NONE) {
            take(answer);
        } else if (error == Errors.UNRELEASED_INSTANCE_ID) {
            // as in Kafka, who has not left cannot join, not even as itself; only the end of its session releases the
            // name
            assertThat(epoch).isEqualTo(ConsumerMember.JOINING_EPOCH);
            assertThat(groups.group().roster().staticMember(instanceId)).isEqualTo(groups.member(id));
            hasFailed = true;
        } else {
            assertThat(error).isIn(Errors.FENCED_MEMBER_EPOCH, Errors.UNKNOWN_MEMBER_ID);
            rejoin();
        }
    }

    private void take(ConsumerGroupHeartbeatResponseData answer) {
        assertThat(answer.memberEpoch()).isGreaterThanOrEqualTo(epoch);
        epoch = answer.memberEpoch();
        if (answer.assignment() != null) {
            PartitionSet.Builder told = new PartitionSet.Builder();
            answer.assignment()
                    .topicPartitions()
                    .forEach(topic -> topic.partitions().forEach(partition -> told.add(topic.topicId(), partition)));
            PartitionSet before = wanted;
            wanted = told.build();
            isBehind |= !wanted.equals(before);
        }
    }

    private void rejoin() {
        epoch = ConsumerMember.JOINING_EPOCH;
        owned = PartitionSet.EMPTY;
        wanted = PartitionSet.EMPTY;
        isBehind = false;
        isEverythingDue = true;
    }

    /** Sends that it leaves, for a while if it is a static member. */
    Errors leave(ConsumerFixture groups) {
        int leavingEpoch = instanceId == null ? ConsumerMember.LEAVING_EPOCH : ConsumerMember.STATIC_LEAVING_EPOCH;
        return groups.errorOf(ConsumerFixture.beatRequest(id, leavingEpoch).setInstanceId(instanceId));
    }

    private ConsumerGroupHeartbeatRequestData request() {
        ConsumerGroupHeartbeatRequestData request =
                ConsumerFixture.beatRequest(id, epoch).setInstanceId(instanceId);
        if (isEverythingDue) {
            return request.setRebalanceTimeoutMs(ConsumerFixture.REBALANCE_MS)
                    .setSubscribedTopicNames(topics)
                    .setTopicPartitions(report());
        }
        if (isSubscriptionDue) {
            request.setSubscribedTopicNames(topics);
        }
        return isReportDue ? request.setTopicPartitions(report()) : request;
    }

    private List<ConsumerGroupHeartbeatRequestData.TopicPartitions> report() {
        List<ConsumerGroupHeartbeatRequestData.TopicPartitions> report = new ArrayList<>();
        owned.topicIds()
                .forEach(topicId -> report.add(new ConsumerGroupHeartbeatRequestData.TopicPartitions()
                        .setTopicId(topicId)
                        .setPartitions(owned.partitionList(topicId))));
        return report;
    }
}
