package io.penstock.core.group;

import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Something that a client, or a deadline, wants of one group. Immutable.
 *
 * @param sharing whether it may be decided while records of other commands about the group are being written
 * @param decider what it comes to; changes nothing. It may be asked again, for a later state, if {@link Step#continues} said so
 * @param refusal answers with an error instead, at most once and never after the step's own answer; null if the shard itself wants
 *     it: then it is tried again a little later
 */
public record GroupCommand(
        String groupId,
        Sharing sharing,
        Decider decider,
        @Nullable Consumer<Errors> refusal) {
    /** What else may be under way in the group. */
    public enum Sharing {
        /** Looks at the members but changes none: commits and heartbeats of one group do not wait for each other. */
        SHARED,
        /** Waits until nothing about the group is being written, and others wait for it. */
        EXCLUSIVE
    }

    /** Decides a command. */
    @FunctionalInterface
    public interface Decider {
        Step decide(CoordinatorShard shard, Now now);
    }

    /** Something that the shard wants itself. */
    static GroupCommand internal(String groupId, Decider decider) {
        return new GroupCommand(groupId, Sharing.EXCLUSIVE, decider, null);
    }

    boolean isInternal() {
        return refusal == null;
    }

    boolean isShared() {
        return sharing == Sharing.SHARED;
    }

    /** Answers with an error, if there is anybody to answer. */
    public void refuse(Errors error) {
        if (refusal != null) {
            refusal.accept(error);
        }
    }
}
