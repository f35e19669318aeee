package io.penstock.core.partition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Appends of producers whose transaction the coordinator has not admitted yet (KIP-890). Of each producer one question is out at a
 * time, about its oldest batch; its later batches wait behind it, those of other producers do not.
 *
 * <pre>
 * not known ──first batch──► asked ──admitted──► admitted ──append──► not known here: the log knows the transaction
 *                             │ └──refused──► refused: only the lowest sequence is remembered
 *                             └──marker──► asked, but what waits now is refused whatever the answer is
 * </pre>
 *
 * <p>A marker of version 2 ends transactions of epochs below its own, so it says nothing about a batch with its epoch or a higher one.
 * Bounded by a count and bytes of what waits, and by {@link #MAX_REMEMBERED} producers of whom nothing waits. Pure; owned by one
 * partition.
 *
 * @param <T> names an append
 */
public final class HeldAppends<T> {
    /** Producers that are admitted or refused and wait for nothing; beyond it the oldest is forgotten, and asked for again. */
    static final int MAX_REMEMBERED = 1_000;

    private final int maxCount;
    private final long maxBytes;
    private final Map<Long, Asked<T>> asked = new HashMap<>();
    private final LinkedHashMap<Long, TransactionAdmission> answered = new LinkedHashMap<>();
    private int count;
    private long bytes;
    private long lastQuestion;

    /**
     * @param maxCount appends that may wait
     * @param maxBytes bytes that they may have together; one may always wait
     */
    public HeldAppends(int maxCount, long maxBytes) {
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
    }

    /** An append that may have to wait. */
    public record Held<T>(
            T token, TransactionBatch batch, @Nullable TransactionClaim claim, int sizeBytes, long deadlineMs) {}

    /** What the coordinator is to be asked; the answer names {@code id}. */
    public record Question(long id, TransactionClaim claim, long producerId, short producerEpoch, long firstAskedMs) {}

    /** Whether an append goes on now. */
    public enum Verdict {
        GO_ON,
        /** It waits; take {@link #takeQuestion} along. */
        HELD,
        FULL
    }

    /** What an answer means: these are refused, those go on, in this order, before anything else of the partition. */
    public record Answered<T>(List<T> refused, List<T> released) {
        static <T> Answered<T> nobody() {
            return new Answered<>(List.of(), List.of());
        }
    }

    private static final class Asked<T> {
        final ArrayDeque<Held<T>> waiting = new ArrayDeque<>();
        Question question;
        int lowestSequence;
        /** So many of the first that wait may not be admitted by the question that is out: a marker came. */
        int voided;

        boolean isOut;

        Asked(Question question, int lowestSequence) {
            this.question = question;
            this.lowestSequence = lowestSequence;
        }
    }

    public boolean isEmpty() {
        return asked.isEmpty();
    }

    /** Appends that wait. */
    public int count() {
        return count;
    }

    /**
     * Whether an append of a client must wait.
     *
     * @param needsAdmission it belongs to a transaction of which the log knows nothing, and somebody is to be asked
     */
    public Verdict onBatch(Held<T> held, boolean needsAdmission, long nowMs) {
        long producerId = held.batch().producerId();
        Asked<T> ahead = asked.isEmpty() ? null : asked.get(producerId);
        if (ahead == null && !(needsAdmission && held.claim() != null && !isAdmitted(held))) {
            return Verdict.GO_ON;
        }
        if (count > 0 && (count >= maxCount || bytes + held.sizeBytes() > maxBytes)) {
            return Verdict.FULL;
        }
        if (ahead == null) {
            TransactionAdmission before = answered.remove(producerId);
            ahead = new Asked<>(ask(held, nowMs), held.batch().baseSequence());
            if (before != null && before.producerEpoch() == held.batch().producerEpoch()) {
                ahead.lowestSequence = TransactionAdmission.lower(before.lowestSequence(), ahead.lowestSequence);
            }
            asked.put(producerId, ahead);
        } else if (ahead.question.producerEpoch() == held.batch().producerEpoch()) {
            ahead.lowestSequence = TransactionAdmission.lower(
                    ahead.lowestSequence, held.batch().baseSequence());
        }
        ahead.waiting.add(held);
        count++;
        bytes += held.sizeBytes();
        return Verdict.HELD;
    }

    private boolean isAdmitted(Held<T> held) {
        TransactionAdmission admission = answered.get(held.batch().producerId());
        return admission != null && admission.admits(held.batch().producerEpoch());
    }

    private Question ask(Held<T> held, long nowMs) {
        TransactionClaim claim = held.claim();
        if (claim == null) {
            throw new IllegalStateException("a question about an append without a transaction");
        }
        TransactionBatch batch = held.batch();
        return new Question(++lastQuestion, claim, batch.producerId(), batch.producerEpoch(), nowMs);
    }

    /** The question that is now to be put about the producer, for the first time or again; null if it is out already. */
    public @Nullable Question takeQuestion(long producerId) {
        Asked<T> of = asked.get(producerId);
        if (of == null || of.isOut) {
            return null;
        }
        of.isOut = true;
        return of.question;
    }

    /** The answer asks for patience: the question is taken again later. A marker that comes until then changes nothing. */
    public void onLater(Question question) {
        Asked<T> of = asked.get(question.producerId());
        if (of != null && of.question.id() == question.id() && of.voided == 0) {
            of.isOut = false;
        }
    }

    /** Whether {@link #onLater} may be the reaction to an answer. */
    public boolean canAskLater(Question question) {
        Asked<T> of = asked.get(question.producerId());
        return of != null && of.question.id() == question.id() && of.voided == 0;
    }

    /** Takes the coordinator's answer; nobody if the question is not of interest any more. */
    public Answered<T> onAnswer(Question question, boolean admitted) {
        Asked<T> of = asked.get(question.producerId());
        if (of == null || of.question.id() != question.id()) {
            return Answered.nobody();
        }
        asked.remove(question.producerId());
        boolean isVoid = of.voided > 0;
        remember(of, admitted && !isVoid);
        List<T> refused = new ArrayList<>();
        List<T> released = new ArrayList<>();
        for (Held<T> held : of.waiting) {
            boolean isMeant = isVoid
                    ? refused.size() + released.size() < of.voided
                    : !admitted && held.batch().producerEpoch() == question.producerEpoch();
            (isMeant ? refused : released).add(held.token());
            forget(held);
        }
        return new Answered<>(refused, released);
    }

    private void remember(Asked<T> of, boolean admitted) {
        Question question = of.question;
        answered.put(
                question.producerId(),
                new TransactionAdmission(
                        question.producerEpoch(), admitted, question.claim().joins(), of.lowestSequence));
        if (answered.size() > MAX_REMEMBERED) {
            answered.remove(answered.keySet().iterator().next());
        }
    }

    private void forget(Held<T> held) {
        count--;
        bytes -= held.sizeBytes();
    }

    /** What was found out about the producer's transaction; null if nothing that still counts. */
    public @Nullable TransactionAdmission admission(long producerId) {
        return answered.get(producerId);
    }

    /** A transactional batch of the producer was appended: from now on the log knows of the transaction. */
    public void onOpened(long producerId) {
        if (!answered.isEmpty()) {
            answered.remove(producerId);
        }
    }

    /** A transaction of the producer was ended here. */
    public void onMarker(long producerId, short markerEpoch, int markerVersion) {
        TransactionAdmission admission = answered.get(producerId);
        if (admission != null && isEnded(admission.producerEpoch(), markerEpoch, markerVersion)) {
            answered.remove(producerId);
        }
        Asked<T> of = asked.get(producerId);
        if (of != null && of.isOut && isEnded(of.question.producerEpoch(), markerEpoch, markerVersion)) {
            of.voided = of.waiting.size();
        }
    }

    private static boolean isEnded(short epoch, short markerEpoch, int markerVersion) {
        return markerVersion < 2 || epoch < markerEpoch;
    }

    /** The earliest deadline of all that wait; {@link Long#MAX_VALUE} if none does. */
    public long earliestDeadlineMs() {
        long earliest = Long.MAX_VALUE;
        for (Asked<T> of : asked.values()) {
            for (Held<T> held : of.waiting) {
                earliest = Math.min(earliest, held.deadlineMs());
            }
        }
        return earliest;
    }

    /**
     * Gives up the questions of which an append has waited too long, with all that wait for the same: those behind it must not come before
     * it when the client tries again. An answer that comes later is of no interest.
     *
     * @return what is refused
     */
    public List<T> removeExpired(long nowMs) {
        List<T> late = new ArrayList<>();
        asked.values().removeIf(of -> {
            if (of.waiting.stream().noneMatch(held -> held.deadlineMs() <= nowMs)) {
                return false;
            }
            remember(of, false);
            takeAll(of, late);
            return true;
        });
        return late;
    }

    /** Forgets everything. Returns all that waited, of each producer in order. */
    public List<T> removeAll() {
        List<T> all = new ArrayList<>(count);
        asked.values().forEach(of -> takeAll(of, all));
        asked.clear();
        answered.clear();
        return all;
    }

    private void takeAll(Asked<T> of, List<T> into) {
        for (Held<T> held : of.waiting) {
            into.add(held.token());
            forget(held);
        }
    }

    /** What an append is told whose transaction was not admitted. */
    public static AppendResult refusal(Errors answer) {
        return switch (answer) {
            // Old clients do not all try these again; this one every client does, and looks for no new leader.
            case CONCURRENT_TRANSACTIONS,
                    NETWORK_EXCEPTION,
                    COORDINATOR_LOAD_IN_PROGRESS,
                    COORDINATOR_NOT_AVAILABLE,
                    NOT_COORDINATOR ->
                AppendResult.refused(
                        Errors.NOT_ENOUGH_REPLICAS,
                        "Unable to verify the partition has been added to the transaction. Underlying error: "
                                + answer);
            case INVALID_TXN_STATE -> AppendResult.refused(answer, "Partition was not added to the transaction");
            case PRODUCER_FENCED -> AppendResult.refused(Errors.INVALID_PRODUCER_EPOCH, null);
            case CLUSTER_AUTHORIZATION_FAILED -> AppendResult.refused(Errors.INVALID_TXN_STATE, null);
            default -> AppendResult.refused(answer, null);
        };
    }
}
