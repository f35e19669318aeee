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
 * @param question asks the shard, which then answers itself
 * @param refusal answers with an error in its place
 */
record CoordinatorCall(BiConsumer<CoordinatorShard, Now> question, Consumer<Errors> refusal) {

    static CoordinatorCall of(GroupCommand command) {
        return new CoordinatorCall((shard, now) -> shard.submit(command, now), command::refuse);
    }

    void ask(CoordinatorShard shard, Now now) {
        question.accept(shard, now);
    }

    void refuse(Errors error) {
        refusal.accept(error);
    }
}
