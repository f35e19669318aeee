package io.penstock.storage.producer;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.batch.ControlMarker;
import io.penstock.storage.compact.LastOffsets;
import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.file.FutureVersionException;
import io.penstock.storage.file.SealedReader;
import io.penstock.storage.file.SealedWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The producers of one log (KIP-98, KIP-360). Owned by the log; not for two threads.
 *
 * <p>It is a function of the batches given to {@link #onAppended} in offset order: rebuild it from any snapshot by giving it the
 * batches from the snapshot's {@link #mapEndOffset} on. It judges nothing while doing so; {@link #check} judges, before the append.
 *
 * <p>Size: 110 to 210 bytes for each producer id that wrote within the expiration time, so 200,000 of them are some 25 MB.
 */
public final class ProducerStateTable implements ProducerStates {
    private static final int MAGIC = SealedWriter.magic("PNPS");
    private static final int VERSION = 1;
    /** Sequences are compared in half of their circle: the other half is "after". */
    private static final int HALF_CIRCLE = 1 << 30;

    private static final long NO_TRANSACTION = -1;

    private final ProducerIdMap producers = new ProducerIdMap();
    /** Producer ids by first offset of their open transaction. */
    private final TreeMap<Long, Long> openTransactions = new TreeMap<>();

    private final EndedTransactions endedTransactions;
    private long mapEndOffset;

    /** Of a log that begins, empty, at {@code startOffset}. */
    public ProducerStateTable(long startOffset) {
        this(startOffset, new EndedTransactions());
    }

    private ProducerStateTable(long mapEndOffset, EndedTransactions endedTransactions) {
        this.mapEndOffset = mapEndOffset;
        this.endedTransactions = endedTransactions;
    }

    /** One past the last offset of the last batch that was taken in. */
    public long mapEndOffset() {
        return mapEndOffset;
    }

    /** How many producer ids are known. */
    public int producerCount() {
        return producers.size();
    }

    /**
     * Takes in a batch that was appended, or is read again after a restart.
     *
     * @param batch position to limit is one valid v2 batch; not changed. Its base offset field is not looked at
     * @param baseOffset base offset that the log gave it, at or above {@link #mapEndOffset}
     * @return the transaction that the batch aborted, for the transaction index, or null
     */
    public @Nullable AbortedTransaction onAppended(ByteBuffer batch, long baseOffset) {
        int at = batch.position();
        AbortedTransaction aborted = null;
        if (BatchHeader.hasProducerId(batch, at)) {
            if (BatchHeader.isControl(batch, at)) {
                aborted = onControlBatch(batch, baseOffset);
            } else {
                onDataBatch(batch, baseOffset);
            }
        }
        mapEndOffset = baseOffset + BatchHeader.lastOffsetDelta(batch, at) + 1;
        return aborted;
    }

    private void onDataBatch(ByteBuffer batch, long baseOffset) {
        int at = batch.position();
        int offsetDelta = BatchHeader.lastOffsetDelta(batch, at);
        ProducerEntry entry = entryOf(batch);
        entry.addBatch(
                BatchHeader.producerEpoch(batch, at),
                BatchHeader.lastSequence(batch, at),
                offsetDelta,
                baseOffset + offsetDelta,
                BatchHeader.maxTimestamp(batch, at));
        if (BatchHeader.isTransactional(batch, at) && entry.openTransactionFirstOffset() < 0) {
            entry.openTransaction(baseOffset);
            openTransactions.put(baseOffset, entry.producerId);
        }
    }

    private @Nullable AbortedTransaction onControlBatch(ByteBuffer batch, long markerOffset) {
        ControlMarker marker = ControlMarker.read(batch);
        if (marker == null) {
            return null;
        }
        ProducerEntry entry = entryOf(batch);
        long firstOffset = entry.openTransactionFirstOffset();
        entry.endTransaction(
                BatchHeader.producerEpoch(batch, batch.position()),
                marker.coordinatorEpoch(),
                BatchHeader.maxTimestamp(batch, batch.position()));
        if (firstOffset < 0) {
            return null; // wrote nothing here: neither readers nor the last stable offset care
        }
        openTransactions.remove(firstOffset);
        endedTransactions.add(firstOffset, markerOffset);
        return marker.isAbort()
                ? new AbortedTransaction(entry.producerId, firstOffset, markerOffset, stableAfter(markerOffset))
                : null;
    }

    private long stableAfter(long markerOffset) {
        return openTransactions.isEmpty() ? markerOffset + 1 : openTransactions.firstKey();
    }

    private ProducerEntry entryOf(ByteBuffer batch) {
        long producerId = BatchHeader.producerId(batch, batch.position());
        ProducerEntry entry = producers.get(producerId);
        if (entry == null) {
            entry = new ProducerEntry(producerId, BatchHeader.producerEpoch(batch, batch.position()));
            producers.add(entry);
        }
        return entry;
    }

    @Override
    public SequenceCheck check(
            long producerId, short producerEpoch, int baseSequence, int lastSequence, boolean fromClient) {
        ProducerEntry entry = producers.get(producerId);
        if (entry == null) {
            return SequenceCheck.ACCEPTED;
        }
        if (producerEpoch < entry.epoch()) {
            return SequenceCheck.refused(Verdict.STALE_EPOCH);
        }
        if (!fromClient) {
            return SequenceCheck.ACCEPTED;
        }
        return producerEpoch > entry.epoch()
                ? checkFirstOfEpoch(baseSequence)
                : checkSequences(entry, baseSequence, lastSequence);
    }

    private static SequenceCheck checkFirstOfEpoch(int baseSequence) {
        return baseSequence == 0 ? SequenceCheck.ACCEPTED : SequenceCheck.refused(Verdict.OUT_OF_ORDER);
    }

    private static SequenceCheck checkSequences(ProducerEntry entry, int baseSequence, int lastSequence) {
        int previous = entry.lastSequence();
        if (previous == BatchHeader.NO_SEQUENCE) {
            return checkFirstOfEpoch(baseSequence);
        }
        int original = entry.indexOf(baseSequence, lastSequence);
        if (original >= 0) {
            return new SequenceCheck(Verdict.DUPLICATE, entry.baseOffset(original), entry.timestampMs(original));
        }
        if (baseSequence == BatchHeader.sequenceAfter(previous, 1)) {
            return SequenceCheck.ACCEPTED;
        }
        boolean older = isBefore(lastSequence, entry.oldestSequence());
        return SequenceCheck.refused(older ? Verdict.OLDER_DUPLICATE : Verdict.OUT_OF_ORDER);
    }

    /** Whether {@code sequence} comes before {@code other} on the shorter way round the circle of sequences. */
    private static boolean isBefore(int sequence, int other) {
        int distance = (other - sequence) & Integer.MAX_VALUE;
        return distance > 0 && distance < HALF_CIRCLE;
    }

    /** For each producer the last offset of its last batch, or the epoch of its last marker: what compaction must not lose. Not sorted. */
    public LastOffsets lastOffsets() {
        LastOffsets last = new LastOffsets(producers.size());
        producers.forEach(entry -> {
            if (entry.lastOffset() >= 0) {
                last.add(entry.lastOffset());
            } else {
                last.addMarker(entry.producerId, entry.epoch());
            }
        });
        return last;
    }

    /**
     * Takes open transactions for ended of which the log has no batch below {@link #mapEndOffset} any more: compaction removes the marker
     * of such a one in the end, and nothing else would ever end it here.
     *
     * @param hasBatches whether the log has batches of the open transaction of a producer id
     */
    public void endTransactionsWithout(LongPredicate hasBatches) {
        openTransactions.values().removeIf(producerId -> {
            boolean isGone = !hasBatches.test(producerId);
            ProducerEntry entry = producers.get(producerId);
            if (isGone && entry != null) {
                entry.openTransaction(NO_TRANSACTION);
            }
            return isGone;
        });
    }

    @Override
    public long firstOpenTransactionOffset() {
        return openTransactions.isEmpty() ? -1 : openTransactions.firstKey();
    }

    @Override
    public long lastStableOffset(long highWatermark) {
        long stable = highWatermark;
        if (!openTransactions.isEmpty()) {
            stable = Math.min(stable, openTransactions.firstKey());
        }
        long held = endedTransactions.firstOffsetHeldAt(highWatermark);
        return held < 0 ? stable : Math.min(stable, held);
    }

    @Override
    public @Nullable ProducerState find(long producerId) {
        ProducerEntry entry = producers.get(producerId);
        return entry == null ? null : entry.toState();
    }

    @Override
    public Collection<ProducerState> all() {
        List<ProducerState> states = new ArrayList<>(producers.size());
        producers.forEach(entry -> states.add(entry.toState()));
        return states;
    }

    /**
     * Forgets producers without an open transaction that have written nothing for {@code expirationMs}. Idleness counts from the
     * first call after the last write, so call it about once a minute; timestamps of records play no part.
     *
     * @return how many were forgotten
     */
    public int expire(long nowMs, long expirationMs) {
        return producers.retainIf(
                entry -> entry.sweep(nowMs) < expirationMs || entry.openTransactionFirstOffset() >= 0);
    }

    /**
     * Sealed bytes, magic {@code PNPS}, version 1, from which {@link #fromSnapshot} makes an equal table.
     *
     * <pre>
     * long  map end offset
     * int   ended transactions; each: long first offset, long marker offset
     * int   producers; each:
     *   long producer id, short epoch, int coordinator epoch, long first offset of the open transaction or -1,
     *   long last timestamp ms, long idle since ms or -1, int batches (0 to 5); each, oldest first:
     *     long last offset, long timestamp ms, int last sequence, int offset delta
     * </pre>
     */
    public byte[] toSnapshot() {
        int[] bytes = {Long.BYTES + endedTransactions.encodedBytes() + Integer.BYTES};
        producers.forEach(entry -> bytes[0] = Math.addExact(bytes[0], entry.encodedBytes()));
        SealedWriter out = new SealedWriter(MAGIC, VERSION, bytes[0]);
        out.putLong(mapEndOffset);
        endedTransactions.encode(out);
        out.putInt(producers.size());
        producers.forEach(entry -> entry.encode(out));
        return out.toBytes();
    }

    /** Reads what {@link #toSnapshot} gave. */
    public static ProducerStateTable fromSnapshot(byte[] bytes) throws CorruptFileException, FutureVersionException {
        SealedReader in = SealedReader.open(bytes, MAGIC, VERSION, "producer snapshot");
        ProducerStateTable table = new ProducerStateTable(in.readLong(), EndedTransactions.decode(in));
        for (int left = in.readCount(ProducerEntry.FIXED_BYTES); left > 0; left--) {
            table.restore(ProducerEntry.decode(in), in);
        }
        in.expectEnd();
        return table;
    }

    private void restore(ProducerEntry entry, SealedReader in) throws CorruptFileException {
        if (producers.get(entry.producerId) != null) {
            throw in.corrupt("each producer id once", "producer id " + entry.producerId + " again");
        }
        producers.add(entry);
        long firstOffset = entry.openTransactionFirstOffset();
        if (firstOffset >= 0) {
            Long other = openTransactions.put(firstOffset, entry.producerId);
            if (other != null) {
                throw in.corrupt(
                        "one transaction to begin at offset " + firstOffset, Map.entry(other, entry.producerId));
            }
        }
    }
}
