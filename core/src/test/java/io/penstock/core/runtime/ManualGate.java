package io.penstock.core.runtime;

import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.TransactionClaim;
import io.penstock.core.partition.TransactionGate;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/** A coordinator that answers when the test says so, in the order of the questions. Owned by one test. */
final class ManualGate implements TransactionGate {
    final ArrayDeque<Question> questions = new ArrayDeque<>();

    record Question(TransactionClaim claim, long producerId, short producerEpoch, Consumer<Errors> reply) {}

    @Override
    public void admit(
            TransactionClaim claim,
            long producerId,
            short producerEpoch,
            String topicName,
            PartitionId partition,
            Consumer<Errors> reply) {
        questions.add(new Question(claim, producerId, producerEpoch, reply));
    }

    /** Answers the oldest question. */
    void answer(Errors error) {
        questions.remove().reply().accept(error);
    }
}
