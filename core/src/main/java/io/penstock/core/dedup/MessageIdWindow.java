package io.penstock.core.dedup;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The message ids that a partition has taken in lately. Pure; owned by one partition. An id is in the window from the append of its
 * record until {@link DedupConfig#windowMs} have passed or {@link DedupConfig#windowSize} offsets came after it.
 *
 * <pre>
 * the record of an id is              when the id comes again
 * of no transaction, or committed     duplicate
 * of an aborted transaction           new
 * of this producer's open transaction duplicate: both would be committed, or neither
 * of another open transaction         undecided: whoever sends it has to try again
 * </pre>
 *
 * <p>Ids of open transactions do not grow old, but do go when too many offsets came after them. Times are milliseconds of any clock that
 * does not go back. About 50 bytes for each id; a step takes time for the records of one batch, whatever the window holds.
 */
public final class MessageIdWindow {
    /** Oldest ids that are looked at for each batch, besides two for each record. */
    private static final int FORGET_STEPS = 16;

    private DedupConfig config;
    private final IdJournal journal = new IdJournal();
    private final IdTable table = new IdTable(journal);
    private final Map<Long, OpenTransaction> open = new HashMap<>();
    private long newestTimeMs = Long.MIN_VALUE;

    public MessageIdWindow(DedupConfig config) {
        this.config = config;
    }

    /** Takes other bounds over; what was forgotten under the old ones stays forgotten. */
    public void reconfigure(DedupConfig newConfig) {
        config = newConfig;
    }

    /** Ids that are held, those included that only wait to be forgotten. */
    public int count() {
        return journal.count();
    }

    // ---- decisions

    /**
     * Looks up the records of a batch that is about to be appended. Changes nothing.
     *
     * @param transactionOf producer id if the batch is part of that producer's transaction, else -1
     * @param endOffset the log's end
     */
    public Screening screen(MessageIds ids, long transactionOf, long nowMs, long endOffset) {
        BitSet duplicates = new BitSet();
        BatchIds inBatch = new BatchIds(ids);
        long baseOffset = -1;
        long lastOffset = -1;
        boolean undecided = false;
        for (int i = 0; i < ids.recordCount(); i++) {
            if (!ids.isKnown(i)) {
                continue;
            }
            long entry = find(ids, i, nowMs, endOffset);
            if (entry != IdTable.NONE) {
                duplicates.set(i);
                undecided |= isUndecided(entry, transactionOf);
                lastOffset = Math.max(lastOffset, journal.offset(entry));
                baseOffset = i == 0 ? journal.offset(entry) : baseOffset;
            } else if (!inBatch.add(i)) {
                duplicates.set(i);
            }
        }
        return new Screening(ids.recordCount(), duplicates, baseOffset, lastOffset, undecided);
    }

    private long find(MessageIds ids, int index, long nowMs, long endOffset) {
        long entry = table.find(ids.high(index), ids.low(index));
        return entry != IdTable.NONE && isPresent(entry, nowMs, endOffset) ? entry : IdTable.NONE;
    }

    private boolean isPresent(long entry, long nowMs, long endOffset) {
        OpenTransaction transaction = journal.transaction(entry);
        if (transaction != null && transaction.state() == OpenTransaction.State.ABORTED) {
            return false;
        }
        return isWithinSize(entry, endOffset) && (isOpen(transaction) || isYoung(entry, nowMs));
    }

    private boolean isWithinSize(long entry, long endOffset) {
        return journal.offset(entry) >= endOffset - config.windowSize();
    }

    private boolean isYoung(long entry, long nowMs) {
        return nowMs - journal.timeMs(entry) < config.windowMs();
    }

    private static boolean isOpen(@Nullable OpenTransaction transaction) {
        return transaction != null && transaction.state() == OpenTransaction.State.OPEN;
    }

    private boolean isUndecided(long entry, long transactionOf) {
        OpenTransaction transaction = journal.transaction(entry);
        return transaction != null && isOpen(transaction) && transaction.producerId() != transactionOf;
    }

    // ---- replay: what the log has done

    /**
     * A batch was appended.
     *
     * @param ids of its records
     * @param screening which of them came before and are not in the batch any more; null if all are in it
     * @param baseOffset of the first record, were it in the log
     * @param transactionOf producer id if the batch is part of that producer's transaction, else -1
     */
    public void replayAppended(
            MessageIds ids, @Nullable Screening screening, long baseOffset, long transactionOf, long nowMs) {
        newestTimeMs = Math.max(newestTimeMs, nowMs);
        forgetOld(newestTimeMs, baseOffset + ids.recordCount(), FORGET_STEPS + 2 * ids.recordCount());
        OpenTransaction transaction =
                transactionOf < 0 ? null : open.computeIfAbsent(transactionOf, OpenTransaction::new);
        for (int i = 0; i < ids.recordCount(); i++) {
            if (ids.isKnown(i) && (screening == null || !screening.isDuplicate(i))) {
                add(ids.high(i), ids.low(i), baseOffset + i, newestTimeMs, transaction);
            }
        }
    }

    private void add(long high, long low, long offset, long timeMs, @Nullable OpenTransaction transaction) {
        long known = table.find(high, low);
        if (known != IdTable.NONE) {
            table.remove(known); // too old, or aborted: it only waits for its turn in the journal
        }
        table.add(journal.add(high, low, offset, timeMs, transaction));
    }

    /** A transaction ended: the marker was appended. */
    public void replayMarker(long producerId, boolean isAbort) {
        OpenTransaction transaction = open.remove(producerId);
        if (transaction != null) {
            transaction.end(isAbort);
        }
    }

    private void forgetOld(long nowMs, long endOffset, int maxSteps) {
        for (int step = 0; step < maxSteps && journal.count() > 0; step++) {
            long oldest = journal.first();
            boolean goes = !isWithinSize(oldest, endOffset)
                    || (!isOpen(journal.transaction(oldest)) && !isYoung(oldest, nowMs));
            if (!goes) {
                return;
            }
            table.remove(oldest);
            journal.removeFirst();
        }
    }

    // ---- keeping

    /** What is in the window, to be written by another thread while this one goes on. */
    public WindowCopy copy(long nowMs) {
        return new WindowCopy(config.header(), journal.snapshot(), nowMs);
    }

    /** Name of the header whose values the ids are. */
    String header() {
        return config.header();
    }

    /** Puts an id back that a copy held; oldest first, into a window that has seen no append yet. */
    void restore(long high, long low, long offset, long timeMs, long transactionOf) {
        newestTimeMs = Math.max(newestTimeMs, timeMs);
        OpenTransaction transaction =
                transactionOf < 0 ? null : open.computeIfAbsent(transactionOf, OpenTransaction::new);
        add(high, low, offset, newestTimeMs, transaction);
    }
}
