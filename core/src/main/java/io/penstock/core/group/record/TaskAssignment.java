package io.penstock.core.group.record;

/**
 * The tasks of one member by what it does with them. Immutable.
 *
 * @param active it processes these
 * @param standby it keeps copies of the state of these
 * @param warmup it builds the state of these up, to take them over later
 */
public record TaskAssignment(TaskSet active, TaskSet standby, TaskSet warmup) {
    public static final TaskAssignment EMPTY = new TaskAssignment(TaskSet.EMPTY, TaskSet.EMPTY, TaskSet.EMPTY);

    public boolean isEmpty() {
        return active.isEmpty() && standby.isEmpty() && warmup.isEmpty();
    }

    /** Whether some task is in both in the same role. */
    public boolean intersects(TaskAssignment other) {
        return active.intersects(other.active) || standby.intersects(other.standby) || warmup.intersects(other.warmup);
    }

    /** Whether every task of the other one is here, in the same role. */
    public boolean containsAll(TaskAssignment other) {
        return active.containsAll(other.active)
                && standby.containsAll(other.standby)
                && warmup.containsAll(other.warmup);
    }

    /** Tasks of all roles. */
    public int size() {
        return active.size() + standby.size() + warmup.size();
    }
}
