package io.penstock.core.transaction;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order of commands of one transactional id while one of them is under way: first come, first decided. Exists only as long as
 * something is under way or waits. Owned by one {@link TransactionShard}.
 */
final class TransactionLane {
    private final ArrayDeque<TransactionCommand> waiting = new ArrayDeque<>();
    /** Commands that wait for the id's transaction to be complete, with the numbers of their deadlines. */
    private final List<Patient> patients = new ArrayList<>();

    private @Nullable TransactionCommand current;

    /** A command that waits for completion. */
    record Patient(TransactionCommand command, long number) {}

    /** Whether a command is under way, so that no other may be decided. */
    boolean isBusy() {
        return current != null;
    }

    /** The command is under way: its record is being written, or a producer id is being looked for. */
    void enter(TransactionCommand command) {
        current = command;
    }

    /** Nothing is under way any more. Tells what was. */
    @Nullable
    TransactionCommand leave() {
        TransactionCommand left = current;
        current = null;
        return left;
    }

    void queue(TransactionCommand command) {
        waiting.add(command);
    }

    int waitingCount() {
        return waiting.size();
    }

    /** Takes the next command, together with those behind it that can be decided as one with it; null if there is none. */
    @Nullable
    TransactionCommand poll() {
        TransactionCommand next = waiting.poll();
        while (next != null && !waiting.isEmpty()) {
            TransactionCommand both = next.with(waiting.element());
            if (both == null) {
                break;
            }
            waiting.remove();
            next = both;
        }
        return next;
    }

    void park(TransactionCommand command, long number) {
        patients.add(new Patient(command, number));
    }

    /** Takes one that waits for completion, by its number; null if it does not wait any more. */
    @Nullable
    TransactionCommand takePatient(long number) {
        for (Patient patient : patients) {
            if (patient.number() == number) {
                patients.remove(patient);
                return patient.command();
            }
        }
        return null;
    }

    /** Takes all that wait for completion. */
    List<Patient> takePatients() {
        List<Patient> all = List.copyOf(patients);
        patients.clear();
        return all;
    }

    boolean isIdle() {
        return current == null && waiting.isEmpty() && patients.isEmpty();
    }
}
