package io.penstock.core.runtime;

import io.penstock.core.group.CoordinatorShard;
import io.penstock.core.group.GroupCommand;
import io.penstock.core.group.Now;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/**
 * A question on its way to a coordinator, with the way back inside. Exactly one of the two is called, once.
 *
 * @param <S> the shard that is asked
 * @param question asks the shard, which then answers itself
 * @param refusal answers with an error in its place
 * @param mayWaitLong whether the answer may have to wait for what other clients do
 */
record CoordinatorCall<S>(BiConsumer<S, Now> question, Consumer<Errors> refusal, boolean mayWaitLong) {

    CoordinatorCall(BiConsumer<S, Now> question, Consumer<Errors> refusal) {
        this(question, refusal, false);
    }

    static CoordinatorCall<CoordinatorShard> of(GroupCommand command) {
        return new CoordinatorCall<>((shard, now) -> shard.submit(command, now), command::refuse);
    }

    /** Of a command that waits for other members. */
    static CoordinatorCall<CoordinatorShard> waiting(GroupCommand command) {
        return new CoordinatorCall<>((shard, now) -> shard.submit(command, now), command::refuse, true);
    }

    void ask(S shard, Now now) {
        question.accept(shard, now);
    }

    void refuse(Errors error) {
        refusal.accept(error);
    }
}
