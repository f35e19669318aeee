package io.penstock.core.group;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The order of commands of one group while records about it are being written: first come, first decided, except that shared ones
 * go together. Exists only as long as something is under way. Owned by one {@link CoordinatorShard}.
 */
final class Lane {
    private final ArrayDeque<GroupCommand> waiting = new ArrayDeque<>();
    private int shared;
    private boolean exclusive;

    /** Whether the command may be decided now. */
    boolean admits(GroupCommand command) {
        return waiting.isEmpty() && isCompatible(command);
    }

    private boolean isCompatible(GroupCommand command) {
        return !exclusive && (shared == 0 || command.isShared());
    }

    /** Records of the command are on their way. */
    void enter(GroupCommand command) {
        if (command.isShared()) {
            shared++;
        } else {
            exclusive = true;
        }
    }

    /** Records of the command are written, or cannot be. */
    void leave(GroupCommand command) {
        if (command.isShared()) {
            shared--;
        } else {
            exclusive = false;
        }
    }

    void queue(GroupCommand command) {
        waiting.add(command);
    }

    /** Takes the next command if it may be decided now; null if not. */
    @Nullable
    GroupCommand poll() {
        GroupCommand next = waiting.peek();
        return next != null && isCompatible(next) ? waiting.poll() : null;
    }

    /** Takes the next command, whether or not it may be decided. */
    @Nullable
    GroupCommand pollAny() {
        return waiting.poll();
    }

    boolean isIdle() {
        return waiting.isEmpty() && shared == 0 && !exclusive;
    }
}
