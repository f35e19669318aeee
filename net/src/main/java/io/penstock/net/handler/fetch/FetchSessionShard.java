package io.penstock.net.handler.fetch;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntSupplier;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The fetch sessions of one event loop, within a bound. Pure; owned by that event loop.
 *
 * <p>When all slots are taken, a new session replaces the one that was unused for longest if that is longer than
 * {@code evictionMs}; else the smallest one that is older than {@code evictionMs}, provided that the new one has more
 * partitions; else the client gets no session (id 0), which costs it full requests and nothing more.
 */
final class FetchSessionShard {
    private static final Comparator<FetchSession> SMALLEST_FIRST =
            Comparator.comparingInt(FetchSession::countedSize).thenComparingInt(FetchSession::id);

    private final int slots;
    private final long evictionMs;
    private final IntSupplier newIds;

    /** By id, the one unused for longest first. */
    private final Map<Integer, FetchSession> sessions = new LinkedHashMap<>();
    /** Sessions old enough to give way to a larger one. */
    private final TreeSet<FetchSession> evictable = new TreeSet<>(SMALLEST_FIRST);

    /**
     * @param slots most sessions at a time, 0 or more
     * @param evictionMs how long a session must have existed or been unused before it can lose its slot
     * @param newIds candidates for session ids, positive and hard to guess; taken ones are skipped
     */
    FetchSessionShard(int slots, long evictionMs, IntSupplier newIds) {
        this.slots = slots;
        this.evictionMs = evictionMs;
        this.newIds = newIds;
    }

    /** Places a request: closes, continues or refuses a session; a new one is opened only with the answer. */
    FetchContext open(SessionRequest request, long nowMs) {
        return request.isFull() ? openFull(request) : resume(request, nowMs);
    }

    private FetchContext openFull(SessionRequest request) {
        close(request.sessionId());
        return request.epoch() == SessionRequest.FINAL_EPOCH
                ? new FetchContext.Sessionless(request.partitions().values())
                : new FetchContext.Full(this, request);
    }

    private FetchContext resume(SessionRequest request, long nowMs) {
        FetchSession session = sessions.get(request.sessionId());
        if (session == null) {
            return new FetchContext.Refused(Errors.FETCH_SESSION_ID_NOT_FOUND);
        }
        if (session.epoch() != request.epoch()) {
            return new FetchContext.Refused(Errors.INVALID_FETCH_SESSION_EPOCH);
        }
        if (session.usesTopicIds() != request.usesTopicIds()) {
            return new FetchContext.Refused(Errors.FETCH_SESSION_TOPIC_ID_ERROR);
        }
        session.update(request.partitions().values(), request.forgotten());
        if (session.size() == 0) {
            remove(session);
            return new FetchContext.Sessionless(request.partitions().values());
        }
        touch(session, nowMs);
        session.advanceEpoch();
        return new FetchContext.Incremental(session, session.epoch());
    }

    /** Forgets a session; unknown ids are no error. */
    void close(int sessionId) {
        FetchSession session = sessions.get(sessionId);
        if (session != null) {
            remove(session);
        }
    }

    /** Opens a session for an answered full request, if there is or can be made room. Returns its id, or 0. */
    int tryCreate(SessionRequest request, List<PartitionAnswer> answers, long nowMs) {
        if (!hasRoomFor(answers.size(), nowMs)) {
            return SessionRequest.NO_SESSION;
        }
        FetchSession session = new FetchSession(unusedId(), request.usesTopicIds(), nowMs);
        for (PartitionAnswer answer : answers) {
            RequestedPartition requested = request.partitions().get(answer.key());
            if (requested != null) {
                session.add(requested, answer);
            }
        }
        touch(session, nowMs);
        return session.id();
    }

    int size() {
        return sessions.size();
    }

    private boolean hasRoomFor(int newSize, long nowMs) {
        if (sessions.size() < slots) {
            return true;
        }
        FetchSession victim = victimFor(newSize, nowMs);
        if (victim == null) {
            return false;
        }
        remove(victim);
        return true;
    }

    private @Nullable FetchSession victimFor(int newSize, long nowMs) {
        if (sessions.isEmpty()) {
            return null;
        }
        FetchSession stalest = sessions.values().iterator().next();
        if (nowMs - stalest.lastUsedMs() > evictionMs) {
            return stalest;
        }
        return !evictable.isEmpty() && evictable.first().countedSize() < newSize ? evictable.first() : null;
    }

    private int unusedId() {
        int id = newIds.getAsInt();
        while (id == SessionRequest.NO_SESSION || sessions.containsKey(id)) {
            id = newIds.getAsInt();
        }
        return id;
    }

    /** Moves a session to the end of the order of use. The set is ordered by counted size, so it leaves before that changes. */
    private void touch(FetchSession session, long nowMs) {
        sessions.remove(session.id());
        evictable.remove(session);
        session.onCounted(nowMs);
        sessions.put(session.id(), session);
        if (nowMs - session.createdMs() > evictionMs) {
            evictable.add(session);
        }
    }

    private void remove(FetchSession session) {
        sessions.remove(session.id());
        evictable.remove(session);
    }
}
