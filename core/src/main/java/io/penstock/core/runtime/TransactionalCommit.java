package io.penstock.core.runtime;

import io.penstock.core.group.CoordinatorShard;
import io.penstock.core.group.GroupCommand;
import io.penstock.core.group.GroupCommands;
import io.penstock.core.group.Now;
import io.penstock.core.group.OffsetAdmission;
import io.penstock.core.group.Reply;
import io.penstock.core.group.record.TransactionProducer;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.TransactionClaim;
import java.util.function.Consumer;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;

/**
 * The way of one commit in a transaction: to the group's coordinator, which knows whether the transaction has written there before; if
 * not, to the transaction's coordinator; then to the group's again. Immutable, safe from any thread.
 *
 * @param partition of {@code __consumer_offsets} that the group belongs to
 * @param send brings a call to the coordinator of that partition
 */
record TransactionalCommit(
        TxnOffsetCommitRequestData request,
        TransactionClaim claim,
        TransactionAdmissions admissions,
        PartitionId partition,
        Consumer<CoordinatorCall<CoordinatorShard>> send,
        Reply<TxnOffsetCommitResponseData> reply) {

    void start() {
        send.accept(new CoordinatorCall<>(this::onShard, this::refuse));
    }

    private void onShard(CoordinatorShard shard, Now now) {
        OffsetAdmission admission =
                shard.transactions().admission(new TransactionProducer(request.producerId(), request.producerEpoch()));
        GroupCommand command = GroupCommands.commitInTransaction(request, admission, reply);
        boolean isTrusted = !claim.joins() && !admissions.isVerified().getAsBoolean();
        if (admission.isOpen() || isTrusted) {
            shard.submit(command, now);
        } else {
            admissions
                    .gate()
                    .admit(
                            claim,
                            request.producerId(),
                            request.producerEpoch(),
                            Topic.GROUP_METADATA_TOPIC_NAME,
                            partition,
                            error -> onAdmission(error, command));
        }
    }

    private void onAdmission(Errors error, GroupCommand command) {
        if (error == Errors.NONE) {
            send.accept(CoordinatorCall.of(command));
        } else {
            refuse(CoordinatorErrors.ofAdmission(error));
        }
    }

    private void refuse(Errors error) {
        reply.send(TxnOffsetCommitRequest.getErrorResponse(request, error));
    }
}
