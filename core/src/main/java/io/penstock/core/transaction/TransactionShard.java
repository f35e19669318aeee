package io.penstock.core.transaction;

import io.penstock.core.group.AgeClock;
import io.penstock.core.group.Deadlines;
import io.penstock.core.group.LogWrite;
import io.penstock.core.group.LoggedShard;
import io.penstock.core.group.LoggedText;
import io.penstock.core.group.Now;
import io.penstock.core.group.record.EncodedRecord;
import io.penstock.core.group.record.UnstorableRecordException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactional ids of one partition of {@code __transaction_state}. Pure: the owner brings commands and time, writes the records,
 * and has markers written.
 *
 * <pre>
 * submit ──► decide ──► record? ──no──► answer
 *              ▲           │ yes
 *              │           ▼
 *              │    {@link #nextBatch} ──► owner writes ──► {@link #onWritten}   ──► replay, answer, markers
 *              │                                 └────► {@link #onUnwritten} ──► refuse; nothing has changed
 *              └── commands about an id wait while a record about it is being written
 * </pre>
 *
 * <p>An end is answered as soon as it is written. Its markers follow in the background; when the last is written the transaction is
 * complete, and only then can another begin. What is prepared when a coordinator ends is carried on by the next. Owned by one
 * {@code LiveTransactions}.
 */
public final class TransactionShard implements LoggedShard<TransactionRecord> {
    private static final Logger LOGGER = LoggerFactory.getLogger(TransactionShard.class);
    private static final long RETRY_MS = 1_000;
    /** Deadlines met in one turn; the owner comes back for the rest. */
    private static final int MAX_DEADLINES_PER_TURN = 1_000;
    /** About what an id takes in memory beside its own characters and its partitions. */
    private static final int ID_BYTES = 400;

    private static final int PARTITION_BYTES = 100;

    private final TransactionSettings settings;
    private final TransactionSurroundings surroundings;
    private final int leaderEpoch;
    private int maxBatchBytes;

    private final Map<String, TransactionState> states = new HashMap<>();
    private long stateBytes;
    private final Deadlines<Timer, Consumer<Now>> deadlines = new Deadlines<>();
    private long timers;
    private final AgeClock ageClock = new AgeClock();

    private final Map<String, TransactionLane> lanes = new HashMap<>();
    private int waitingCount;
    private final ArrayDeque<Unwritten> pending = new ArrayDeque<>();
    private List<Unwritten> inFlight = List.of();

    /** A decision whose record is not written yet. */
    private record Unwritten(
            TransactionCommand command, TransactionDecision.Written decision, EncodedRecord record, int sizeBytes) {}

    /**
     * Names a deadline.
     *
     * @param number 0 for the end of the id's transaction
     */
    private record Timer(String transactionalId, long number) {}

    /**
     * A shard that knows nothing: {@link #replay} the log, then {@link #onLoaded}.
     *
     * @param leaderEpoch of the partition; markers carry it
     * @param maxBatchBytes most bytes of records that can be written at once
     */
    public TransactionShard(
            TransactionSettings settings, TransactionSurroundings surroundings, int leaderEpoch, int maxBatchBytes) {
        this.settings = settings;
        this.surroundings = surroundings;
        this.leaderEpoch = leaderEpoch;
        this.maxBatchBytes = maxBatchBytes;
    }

    @Override
    public void onMaxBatchBytes(int bytes) {
        maxBatchBytes = bytes;
    }

    /** What is stored about an id; null if it is unknown. */
    public @Nullable TransactionState state(String transactionalId) {
        return states.get(transactionalId);
    }

    /** All ids with what is stored about them, in no order; not to be changed. */
    public Map<String, TransactionState> states() {
        return Collections.unmodifiableMap(states);
    }

    /** All ids; a copy. */
    public List<String> transactionalIds() {
        return List.copyOf(states.keySet());
    }

    // ---- commands

    /** Takes a command. It is answered now, or after {@link #onWritten}. */
    public void submit(TransactionCommand command, Now now) {
        TransactionLane lane = lanes.get(command.transactionalId());
        if (lane == null || !lane.isBusy()) {
            decide(command, TransactionState.NO_ID, now);
        } else if (command.isInternal() || waitingCount < settings.maxWaitingCommands()) {
            lane.queue(command);
            waitingCount++;
        } else {
            command.refuse(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        }
    }

    private void decide(TransactionCommand command, long freshProducerId, Now now) {
        TransactionDecision decision;
        try {
            decision = command.decide(states.get(command.transactionalId()), circumstances(freshProducerId, now));
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .addKeyValue("transactionalId", LoggedText.of(command.transactionalId()))
                    .setCause(e)
                    .log("A command could not be decided");
            command.refuse(Errors.UNKNOWN_SERVER_ERROR); // deciding changes nothing, so the shard is still sound
            return;
        }
        if (decision instanceof TransactionDecision.Answered answered) {
            answered.answer().run();
        } else if (decision instanceof TransactionDecision.Written written) {
            write(command, written, now);
        } else if (decision instanceof TransactionDecision.NeedsCompletion needed) {
            park(command, needed.otherwise(), now);
        } else {
            lane(command).enter(command);
            surroundings.allocateProducerId(command.transactionalId());
        }
    }

    private Circumstances circumstances(long freshProducerId, Now now) {
        return new Circumstances(
                now,
                ageClock.read(now),
                freshProducerId,
                surroundings.transactionVersion(),
                stateBytes < settings.maxStateBytes(),
                settings);
    }

    private TransactionLane lane(TransactionCommand command) {
        return lanes.computeIfAbsent(command.transactionalId(), id -> new TransactionLane());
    }

    private void write(TransactionCommand command, TransactionDecision.Written decision, Now now) {
        EncodedRecord encoded = encode(command, decision);
        int sizeBytes = encoded == null ? 0 : EncodedRecord.BATCH_OVERHEAD_BYTES + encoded.sizeBytes();
        if (encoded == null || sizeBytes > maxBatchBytes) {
            fail(command, Errors.UNKNOWN_SERVER_ERROR, now);
            return;
        }
        lane(command).enter(command);
        pending.add(new Unwritten(command, decision, encoded, sizeBytes));
    }

    private @Nullable EncodedRecord encode(TransactionCommand command, TransactionDecision.Written decision) {
        try {
            return TransactionRecordCodec.encode(
                    new TransactionRecord(command.transactionalId(), decision.next()),
                    TransactionRecordCodec.valueVersion(surroundings.transactionVersion()));
        } catch (UnstorableRecordException e) {
            LOGGER.atWarn()
                    .addKeyValue("transactionalId", LoggedText.of(command.transactionalId()))
                    .log("A record cannot be stored: {}", e.getMessage());
            return null;
        }
    }

    /** The record of a command cannot be written: it is refused, or tried again. */
    private void fail(TransactionCommand command, Errors error, Now now) {
        if (command.isInternal()) {
            Timer timer = new Timer(command.transactionalId(), ++timers);
            deadlines.set(timer, now.awakeMs() + RETRY_MS, later -> submit(command, later));
        } else {
            command.refuse(error);
        }
    }

    /** The command waits for the id's transaction to be complete, as long as it can. */
    private void park(TransactionCommand command, Errors otherwise, Now now) {
        if (command.patienceMs() <= 0 || waitingCount >= settings.maxWaitingCommands()) {
            command.refuse(otherwise);
            return;
        }
        Timer timer = new Timer(command.transactionalId(), ++timers);
        lane(command).park(command, timer.number());
        waitingCount++;
        deadlines.set(timer, now.awakeMs() + command.patienceMs(), later -> {
            TransactionLane lane = lanes.get(timer.transactionalId());
            TransactionCommand patient = lane == null ? null : lane.takePatient(timer.number());
            if (lane != null && patient != null) {
                waitingCount--;
                patient.refuse(otherwise);
                forgetIfIdle(timer.transactionalId(), lane);
            }
        });
    }

    private void forgetIfIdle(String transactionalId, TransactionLane lane) {
        if (lane.isIdle()) {
            lanes.remove(transactionalId);
        }
    }

    // ---- what is done elsewhere

    /** Here is the producer id that was asked for. */
    public void onProducerId(String transactionalId, long producerId, Now now) {
        TransactionLane lane = lanes.get(transactionalId);
        TransactionCommand command = lane == null ? null : lane.leave();
        if (command != null) {
            decide(command, producerId, now);
            drain(transactionalId, now);
        }
    }

    /** No producer id can be had now. */
    public void onNoProducerId(String transactionalId, Errors error, Now now) {
        TransactionLane lane = lanes.get(transactionalId);
        TransactionCommand command = lane == null ? null : lane.leave();
        if (command != null) {
            fail(command, error, now);
            drain(transactionalId, now);
        }
    }

    /** All these markers are written. */
    public void onMarkersWritten(MarkersToWrite markers, Now now) {
        TransactionMarker marker = markers.marker();
        submit(new CompleteTransaction(markers.transactionalId(), marker.producerId(), marker.producerEpoch()), now);
    }

    // ---- writing

    @Override
    public @Nullable LogWrite nextBatch() {
        if (!inFlight.isEmpty() || pending.isEmpty()) {
            return null;
        }
        List<Unwritten> taken = new ArrayList<>();
        List<EncodedRecord> batch = new ArrayList<>();
        long bytes = 0;
        for (Unwritten next = pending.peek(); next != null; next = pending.peek()) {
            bytes += next.sizeBytes();
            if (bytes > maxBatchBytes && !taken.isEmpty()) {
                break;
            }
            taken.add(pending.remove());
            batch.add(next.record());
        }
        inFlight = taken;
        return LogWrite.of(batch);
    }

    @Override
    public void onWritten(Now now) {
        List<Unwritten> written = inFlight;
        inFlight = List.of();
        for (Unwritten done : written) {
            String transactionalId = done.command().transactionalId();
            TransactionState next = done.decision().next();
            put(transactionalId, next);
            done.decision().answer().run();
            lane(done.command()).leave();
            if (next != null) {
                follow(transactionalId, next, now);
            }
            drain(transactionalId, now);
        }
    }

    /** What a new state asks for. */
    private void follow(String transactionalId, TransactionState state, Now now) {
        switch (state.status()) {
            case ONGOING -> watch(transactionalId, state, now);
            case PREPARE_COMMIT, PREPARE_ABORT -> {
                deadlines.cancel(new Timer(transactionalId, 0));
                writeMarkers(transactionalId, state, now);
            }
            case COMPLETE_COMMIT, COMPLETE_ABORT -> releasePatients(transactionalId, now);
            case EMPTY, DEAD, PREPARE_EPOCH_FENCE -> {}
        }
    }

    /** The time by the wall clock counts only for what has passed before this broker began to watch. */
    private void watch(String transactionalId, TransactionState state, Now now) {
        Timer timer = new Timer(transactionalId, 0);
        if (deadlines.isSet(timer)) {
            return;
        }
        long passedMs = Math.max(0, now.wallMs() - state.startMs());
        long leftMs = Math.max(0, state.timeoutMs() - passedMs);
        TimeOutTransaction timeOut =
                new TimeOutTransaction(transactionalId, state.producerId(), state.producerEpoch(), state.startMs());
        deadlines.set(timer, now.awakeMs() + leftMs, later -> submit(timeOut, later));
    }

    private void writeMarkers(String transactionalId, TransactionState state, Now now) {
        TransactionMarker marker = new TransactionMarker(
                state.producerId(),
                state.producerEpoch(),
                leaderEpoch,
                state.isCommit(),
                state.clientVersion() >= TransactionState.VERSION_2 ? 2 : 1);
        MarkersToWrite markers = new MarkersToWrite(transactionalId, marker, state.partitions());
        if (state.partitions().isEmpty()) {
            onMarkersWritten(markers, now);
        } else {
            surroundings.write(markers);
        }
    }

    private void releasePatients(String transactionalId, Now now) {
        TransactionLane lane = lanes.get(transactionalId);
        if (lane == null) {
            return;
        }
        for (TransactionLane.Patient patient : lane.takePatients()) {
            waitingCount--;
            deadlines.cancel(new Timer(transactionalId, patient.number()));
            submit(patient.command(), now);
        }
    }

    @Override
    public void onUnwritten(Errors error, Now now) {
        List<Unwritten> failed = inFlight;
        inFlight = List.of();
        for (Unwritten unwritten : failed) {
            lane(unwritten.command()).leave();
            fail(unwritten.command(), error, now);
            drain(unwritten.command().transactionalId(), now);
        }
    }

    /** Decides what has waited, as far as it may be decided now. */
    private void drain(String transactionalId, Now now) {
        TransactionLane lane = lanes.get(transactionalId);
        if (lane == null) {
            return;
        }
        while (!lane.isBusy() && lane.waitingCount() > 0) {
            int before = lane.waitingCount();
            TransactionCommand next = lane.poll();
            waitingCount -= before - lane.waitingCount();
            if (next != null) {
                decide(next, TransactionState.NO_ID, now);
            }
        }
        forgetIfIdle(transactionalId, lane);
    }

    // ---- time

    @Override
    public long nextDeadlineMs() {
        return deadlines.nextMs();
    }

    @Override
    public void onTime(Now now) {
        for (int met = 0; met < MAX_DEADLINES_PER_TURN; met++) {
            Consumer<Now> due = deadlines.poll(now.awakeMs());
            if (due == null) {
                return;
            }
            due.accept(now);
        }
    }

    // ---- loading and unloading

    @Override
    public void replay(TransactionRecord record) {
        put(record.transactionalId(), record.state());
    }

    private void put(String transactionalId, @Nullable TransactionState state) {
        TransactionState before = state == null ? states.remove(transactionalId) : states.put(transactionalId, state);
        stateBytes += sizeBytes(transactionalId, state) - sizeBytes(transactionalId, before);
    }

    private static long sizeBytes(String transactionalId, @Nullable TransactionState state) {
        return state == null
                ? 0
                : ID_BYTES
                        + 2L * transactionalId.length()
                        + (long) PARTITION_BYTES * state.partitions().size();
    }

    @Override
    public void onLoaded(Now now) {
        ageClock.read(now);
        Map.copyOf(states).forEach((transactionalId, state) -> follow(transactionalId, state, now));
    }

    @Override
    public void onUnloaded() {
        inFlight = List.of();
        pending.clear(); // their commands are those that are under way in the lanes
        for (TransactionLane lane : lanes.values()) {
            refuseAll(lane);
        }
        lanes.clear();
    }

    private static void refuseAll(TransactionLane lane) {
        TransactionCommand current = lane.leave();
        if (current != null) {
            current.refuse(Errors.NOT_COORDINATOR);
        }
        for (TransactionCommand next = lane.poll(); next != null; next = lane.poll()) {
            next.refuse(Errors.NOT_COORDINATOR);
        }
        lane.takePatients().forEach(patient -> patient.command().refuse(Errors.NOT_COORDINATOR));
    }
}
