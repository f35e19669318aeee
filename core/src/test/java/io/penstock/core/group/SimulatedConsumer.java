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
 * any more, says what it has when that has changed, and says everything after an answer was lost.
 */
final class SimulatedConsumer {
    final String id;
    final @Nullable String instanceId;
    int epoch = ConsumerMember.JOINING_EPOCH;
    PartitionSet owned = PartitionSet.EMPTY;
    private PartitionSet wanted = PartitionSet.EMPTY;
    private List<String> topics;
    private boolean isReportDue;
    private boolean isEverythingDue = true;

    SimulatedConsumer(String id, @Nullable String instanceId, List<String> topics) {
        this.id = id;
        this.instanceId = instanceId;
        this.topics = topics;
    }

    void subscribe(List<String> newTopics) {
        topics = newTopics;
        isEverythingDue = true;
    }

    /** Does what it was told last: gives up first, takes later. */
    void work() {
        PartitionSet kept = owned.intersection(wanted);
        PartitionSet next = kept.equals(owned) ? wanted : kept;
        isReportDue |= !next.equals(owned);
        owned = next;
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
        if (isAnswerLost) {
            isEverythingDue = true;
            return;
        }
        isEverythingDue = false;
        isReportDue = false;
        Errors error = Errors.forCode(answer.errorCode());
        if (error == Errors.NONE) {
            take(answer);
        } else {
            assertThat(error).isIn(Errors.FENCED_MEMBER_EPOCH, Errors.UNKNOWN_MEMBER_ID, Errors.GROUP_ID_NOT_FOUND);
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
            wanted = told.build();
        }
    }

    private void rejoin() {
        epoch = ConsumerMember.JOINING_EPOCH;
        owned = PartitionSet.EMPTY;
        wanted = PartitionSet.EMPTY;
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
        boolean isJoining = epoch == ConsumerMember.JOINING_EPOCH;
        if (isJoining || isEverythingDue) {
            request.setRebalanceTimeoutMs(ConsumerFixture.REBALANCE_MS)
                    .setSubscribedTopicNames(topics)
                    .setTopicPartitions(report());
        } else if (isReportDue) {
            request.setTopicPartitions(report());
        }
        return request;
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
