package io.penstock.core.dedup;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ids of a window in the order of their offsets, in small pieces: growing never copies what is there, and what all its readers have
 * left behind is garbage. An entry never changes once it is written. 40 bytes for each.
 *
 * <p>Owned by one {@link MessageIdWindow}; entries are named by a number that counts up from 0.
 */
final class IdJournal {
    static final int PIECE_ENTRIES = 256;

    private final List<Piece> pieces;
    /** Number of the first entry of the first piece. */
    private long piecesFrom;

    private long first;
    private long next;

    /** So many entries side by side. */
    private static final class Piece {
        final long[] high = new long[PIECE_ENTRIES];
        final long[] low = new long[PIECE_ENTRIES];
        final long[] offset = new long[PIECE_ENTRIES];
        final long[] timeMs = new long[PIECE_ENTRIES];
        final @Nullable OpenTransaction[] transaction = new OpenTransaction[PIECE_ENTRIES];
    }

    IdJournal() {
        pieces = new ArrayList<>();
    }

    private IdJournal(IdJournal other) {
        pieces = new ArrayList<>(other.pieces);
        piecesFrom = other.piecesFrom;
        first = other.first;
        next = other.next;
    }

    /** What is in it now, for another thread to read while this one goes on. Costs a reference for each piece. */
    IdJournal snapshot() {
        return new IdJournal(this);
    }

    /** The oldest entry; {@link #next} if there is none. */
    long first() {
        return first;
    }

    /** What the next entry will be called. */
    long next() {
        return next;
    }

    int count() {
        return (int) (next - first);
    }

    /** Adds an entry; offsets must rise and times must not fall. */
    long add(long high, long low, long offset, long timeMs, @Nullable OpenTransaction transaction) {
        int at = (int) (next - piecesFrom);
        if (at == pieces.size() * PIECE_ENTRIES) {
            pieces.add(new Piece());
        }
        Piece piece = pieces.get(at / PIECE_ENTRIES);
        int slot = at % PIECE_ENTRIES;
        piece.high[slot] = high;
        piece.low[slot] = low;
        piece.offset[slot] = offset;
        piece.timeMs[slot] = timeMs;
        piece.transaction[slot] = transaction;
        return next++;
    }

    /** Forgets the oldest entry. */
    void removeFirst() {
        first++;
        if (first - piecesFrom == PIECE_ENTRIES) {
            pieces.remove(0);
            piecesFrom += PIECE_ENTRIES;
        }
    }

    long high(long entry) {
        return piece(entry).high[slot(entry)];
    }

    long low(long entry) {
        return piece(entry).low[slot(entry)];
    }

    long offset(long entry) {
        return piece(entry).offset[slot(entry)];
    }

    long timeMs(long entry) {
        return piece(entry).timeMs[slot(entry)];
    }

    @Nullable
    OpenTransaction transaction(long entry) {
        return piece(entry).transaction[slot(entry)];
    }

    private Piece piece(long entry) {
        return pieces.get((int) (entry - piecesFrom) / PIECE_ENTRIES);
    }

    private int slot(long entry) {
        return (int) (entry - piecesFrom) % PIECE_ENTRIES;
    }
}
