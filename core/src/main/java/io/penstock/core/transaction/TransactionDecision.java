package io.penstock.core.transaction;

import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What a command comes to. Nothing of it has happened yet. */
public sealed interface TransactionDecision {

    /** Nothing is written. */
    record Answered(Runnable answer) implements TransactionDecision {}

    /**
     * The id's state becomes another once that is in the log.
     *
     * @param next null if the id is forgotten
     * @param answer what to say then
     */
    record Written(@Nullable TransactionState next, Runnable answer) implements TransactionDecision {}

    /** Cannot be decided without a producer id that nobody has: decide again with one. */
    record NeedsProducerId() implements TransactionDecision {}

    /**
     * Cannot be decided before the id's transaction is complete.
     *
     * @param otherwise what to say if nobody can wait for that
     */
    record NeedsCompletion(Errors otherwise) implements TransactionDecision {}

    /** Says something. */
    static TransactionDecision answered(Runnable answer) {
        return new Answered(answer);
    }

    /** Does and says nothing. */
    static TransactionDecision nothing() {
        return new Answered(() -> {});
    }
}
