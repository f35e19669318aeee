package io.penstock.core.group.record;

/**
 * What a member has, or has to give up: a {@link TaskAssignment} whose active tasks have epochs. Immutable.
 */
public record HeldTasks(TaskEpochs active, TaskSet standby, TaskSet warmup) {
    public static final HeldTasks EMPTY = new HeldTasks(TaskEpochs.EMPTY, TaskSet.EMPTY, TaskSet.EMPTY);

    public boolean isEmpty() {
        return active.isEmpty() && standby.isEmpty() && warmup.isEmpty();
    }

    /** The tasks without their epochs. */
    public TaskAssignment tasks() {
        return new TaskAssignment(active.tasks(), standby, warmup);
    }
}
