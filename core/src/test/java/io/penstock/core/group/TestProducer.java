package io.penstock.core.group;

import io.penstock.core.group.record.TransactionProducer;
import io.penstock.core.transaction.TransactionMarker;
import java.util.List;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;

/** A producer that commits offsets in transactions, whose transaction coordinator admits it at once. */
final class TestProducer {
    static final String NO_MEMBER = "";
    static final int NO_GENERATION = -1;

    private final ShardFixture broker;
    final TransactionProducer id;

    TestProducer(ShardFixture broker, long id) {
        this(broker, id, 0);
    }

    TestProducer(ShardFixture broker, long id, int epoch) {
        this.broker = broker;
        this.id = new TransactionProducer(id, (short) epoch);
    }

    /** Commits for nobody in particular; the error of that one partition. */
    Errors commit(String groupId, String topic, int partition, long offset) {
        return commit(request(groupId, NO_MEMBER, NO_GENERATION, topic, partition, offset));
    }

    Errors commit(TxnOffsetCommitRequestData request) {
        return error(ask(request).get());
    }

    Answer<TxnOffsetCommitResponseData> ask(TxnOffsetCommitRequestData request) {
        return ask(request, broker.shard.transactions().admission(id));
    }

    Answer<TxnOffsetCommitResponseData> ask(TxnOffsetCommitRequestData request, OffsetAdmission admission) {
        Answer<TxnOffsetCommitResponseData> answer = new Answer<>();
        broker.submit(GroupCommands.commitInTransaction(request, admission, answer));
        return answer;
    }

    static Errors error(TxnOffsetCommitResponseData answer) {
        return Errors.forCode(answer.topics().get(0).partitions().get(0).errorCode());
    }

    TxnOffsetCommitRequestData request(
            String groupId, String memberId, int generation, String topic, int partition, long offset) {
        return new TxnOffsetCommitRequestData()
                .setTransactionalId("t-" + id.id())
                .setProducerId(id.id())
                .setProducerEpoch(id.epoch())
                .setGroupId(groupId)
                .setMemberId(memberId)
                .setGenerationId(generation)
                .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                        .setName(topic)
                        .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(offset)
                                .setCommittedMetadata("")))));
    }

    /** The marker of its transaction coordinator. */
    Answer<Errors> end(boolean isCommit) {
        Answer<Errors> answer = new Answer<>();
        broker.shard.transactions().end(new TransactionMarker(id.id(), id.epoch(), 0, isCommit, 1), answer::send);
        if (!broker.holdsBack) {
            broker.write();
        }
        return answer;
    }
}
