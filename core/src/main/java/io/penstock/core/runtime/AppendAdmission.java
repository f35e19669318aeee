package io.penstock.core.runtime;

import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.HeldAppends;
import io.penstock.core.partition.HeldAppends.Answered;
import io.penstock.core.partition.HeldAppends.Held;
import io.penstock.core.partition.HeldAppends.Question;
import io.penstock.core.partition.Partition;
import io.penstock.core.partition.TransactionAdmission;
import io.penstock.core.partition.TransactionBatch;
import io.penstock.core.partition.TransactionClaim;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Holds the appends of a transaction of which this partition knows nothing until the coordinator has admitted it. Decisions are those of
 * {@link HeldAppends}; here are the questions, the clock and the timer.
 *
 * <p>An append is held for the time-out of its request, but {@value #MIN_WAIT_MS} ms at least and {@value #MAX_WAIT_MS} ms at most.
 * Owned by one {@link AppendPath}.
 */
final class AppendAdmission {
    private static final long MIN_WAIT_MS = 1_000;
    private static final long MAX_WAIT_MS = 30_000;
    private static final long MAX_HELD_BYTES = 32 << 20;
    /** While the transaction before ends, a question is put again: a producer need not wait for its next one. */
    private static final long ASK_AGAIN_MS = 20;

    private static final long MAX_ASKING_MS = 100;

    private final LivePartition live;
    private final PartitionHost host;
    private final Timers timers;
    private final Consumer<List<AppendCommand>> released;
    private final HeldAppends<AppendCommand> held;

    private Timers.@Nullable Timer timer;
    private long timerAtMs;

    /** @param released takes appends that are not held any more, which go before all others */
    AppendAdmission(LivePartition live, PartitionHost host, Timers timers, Consumer<List<AppendCommand>> released) {
        this.live = live;
        this.host = host;
        this.timers = timers;
        this.released = released;
        this.held = new HeldAppends<>(host.limits().maxWaitingCommands(), MAX_HELD_BYTES);
    }

    boolean isBusy() {
        return !held.isEmpty();
    }

    /** Whether the append goes on now; else it is held, or was refused. */
    boolean admits(AppendCommand command, PartitionLog log) {
        AppendRequest request = command.request();
        if (request.origin() != Origin.CLIENT || (request.transaction() == null && held.isEmpty())) {
            return true;
        }
        TransactionBatch batch = TransactionBatch.of(request.records());
        if (!batch.hasProducerId()) {
            return true;
        }
        boolean needsAdmission =
                batch.isTransactional() && !isTrusted(request) && !Partition.isInTransaction(batch, log.producers());
        long nowMs = host.clock().monotonicMs();
        long waitMs = Math.min(Math.max(request.timeoutMs(), MIN_WAIT_MS), MAX_WAIT_MS);
        Held<AppendCommand> append = new Held<>(
                command, batch, request.transaction(), request.records().remaining(), nowMs + waitMs);
        return switch (held.onBatch(append, needsAdmission, nowMs)) {
            case GO_ON -> true;
            case HELD -> {
                ask(held.takeQuestion(batch.producerId()));
                watch(append.deadlineMs());
                yield false;
            }
            case FULL -> {
                command.refuse(command.overloadError());
                yield false;
            }
        };
    }

    /** Whether the append needs nobody's admission. */
    boolean isTrusted(AppendRequest request) {
        TransactionClaim claim = request.transaction();
        return claim != null
                && !claim.joins()
                && !host.admissions().isVerified().getAsBoolean();
    }

    /** What the coordinator has said about the producer of a batch. */
    @Nullable
    TransactionAdmission admission(ByteBuffer batch) {
        return held.admission(BatchHeader.producerId(batch, batch.position()));
    }

    private void ask(@Nullable Question question) {
        if (question != null) {
            host.admissions()
                    .gate()
                    .admit(
                            question.claim(),
                            question.producerId(),
                            question.producerEpoch(),
                            live.topicName(),
                            live.id(),
                            answer -> live.owner().execute(() -> onAnswer(question, answer)));
        }
    }

    private void onAnswer(Question question, Errors answer) {
        boolean isEarly = host.clock().monotonicMs() - question.firstAskedMs() < MAX_ASKING_MS;
        if (answer == Errors.CONCURRENT_TRANSACTIONS
                && question.claim().joins()
                && isEarly
                && held.canAskLater(question)) {
            held.onLater(question);
            timers.after(ASK_AGAIN_MS, () -> ask(held.takeQuestion(question.producerId())));
            return;
        }
        Answered<AppendCommand> outcome = held.onAnswer(question, answer == Errors.NONE);
        AppendResult refusal = HeldAppends.refusal(answer == Errors.NONE ? Errors.INVALID_TXN_STATE : answer);
        outcome.refused().forEach(command -> command.answer(refusal));
        if (!outcome.released().isEmpty()) {
            released.accept(outcome.released());
        }
    }

    /** The log has a batch more. */
    void onAppended(ByteBuffer batch, AppendRequest request) {
        int at = batch.position();
        if (!BatchHeader.isTransactional(batch, at)) {
            return;
        }
        if (BatchHeader.isControl(batch, at)) {
            held.onMarker(
                    BatchHeader.producerId(batch, at), BatchHeader.producerEpoch(batch, at), request.markerVersion());
        } else {
            held.onOpened(BatchHeader.producerId(batch, at));
        }
    }

    private void watch(long deadlineMs) {
        if (timer != null && timerAtMs <= deadlineMs) {
            return;
        }
        if (timer != null) {
            timer.cancel();
        }
        timerAtMs = deadlineMs;
        timer = timers.after(Math.max(1, deadlineMs - host.clock().monotonicMs()), this::onDeadline);
    }

    private void onDeadline() {
        timer = null;
        AppendResult refusal = HeldAppends.refusal(Errors.NETWORK_EXCEPTION);
        held.removeExpired(host.clock().monotonicMs()).forEach(command -> command.answer(refusal));
        if (!held.isEmpty()) {
            watch(held.earliestDeadlineMs());
        }
    }

    /** Answers all that are held, and forgets what was found out. */
    void refuseAll(AppendResult refusal) {
        held.removeAll().forEach(command -> command.answer(refusal));
    }
}
