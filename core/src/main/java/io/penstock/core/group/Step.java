package io.penstock.core.group;

import io.penstock.core.group.record.GroupRecord;
import io.penstock.core.group.record.TransactionProducer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What a command comes to: records to write, and what happens once they are in the log — the group as it is then, deadlines,
 * answers. Nothing of it has happened yet. So if the records cannot be written there is nothing to take back.
 *
 * <p>Filled by one decision, then carried out once by the {@link CoordinatorShard}.
 */
public final class Step {
    private final List<GroupRecord> records = new ArrayList<>();
    private final List<Runnable> answers = new ArrayList<>();
    private final List<TimerChange> timers = new ArrayList<>();
    private @Nullable Group group;
    private @Nullable BiFunction<Errors, Now, Step> ifUnwritten;
    private boolean continues;
    private @Nullable TransactionProducer transaction;

    /** A deadline set, or forgotten if there is no command. */
    record TimerChange(TimerKey key, long dueMs, @Nullable GroupCommand command) {}

    /** A step that only answers. */
    static <T> Step answering(Reply<T> reply, T answer) {
        return new Step().answer(reply, answer);
    }

    /** A step that does nothing. */
    static Step nothing() {
        return new Step();
    }

    /** Sends an answer in the end. */
    <T> Step answer(Reply<T> reply, T answer) {
        answers.add(() -> reply.send(answer));
        return this;
    }

    /** Does something in the end that is not part of the state, such as to have something looked up elsewhere. */
    Step then(Runnable effect) {
        answers.add(effect);
        return this;
    }

    /** Writes a record. */
    Step append(GroupRecord record) {
        records.add(record);
        return this;
    }

    /** Writes records, in that order. */
    Step appendAll(List<? extends GroupRecord> more) {
        records.addAll(more);
        return this;
    }

    /** Writes records before all that are written already. */
    Step prepend(List<? extends GroupRecord> earlier) {
        records.addAll(0, earlier);
        return this;
    }

    /**
     * Puts a group in the place of the one with the same id, if there is one. Its own records in this step say the same, so they are
     * not replayed: the group has more to it than what is written.
     */
    Step put(Group newGroup) {
        group = newGroup;
        return this;
    }

    /** Sets a deadline, or moves it if it is set. */
    Step schedule(TimerKey key, long dueMs, GroupCommand command) {
        timers.add(new TimerChange(key, dueMs, command));
        return this;
    }

    /** Forgets a deadline. */
    Step cancel(TimerKey key) {
        timers.add(new TimerChange(key, Deadlines.NEVER, null));
        return this;
    }

    /** What to do instead if the records cannot be written. Without this the command is refused with the error. */
    Step ifUnwritten(BiFunction<Errors, Now, Step> alternative) {
        ifUnwritten = alternative;
        return this;
    }

    /** The command has more to do than one batch of records may hold: decide it again after this step. */
    Step continues() {
        continues = true;
        return this;
    }

    /** All records belong to that producer's transaction: offsets count when it is committed. */
    Step inTransaction(TransactionProducer producer) {
        transaction = producer;
        return this;
    }

    // ---- for the shard

    List<GroupRecord> records() {
        return records;
    }

    List<Runnable> answers() {
        return answers;
    }

    List<TimerChange> timers() {
        return timers;
    }

    @Nullable
    Group group() {
        return group;
    }

    @Nullable
    Step alternative(Errors error, Now now) {
        return ifUnwritten == null ? null : ifUnwritten.apply(error, now);
    }

    /** The transaction that the records belong to; null if they count at once. */
    @Nullable
    TransactionProducer transaction() {
        return transaction;
    }

    boolean isContinued() {
        return continues;
    }
}
