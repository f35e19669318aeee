package io.penstock.core.group;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/** Which commands wait for others about the same group, a bounded number of them. Owned by one {@link CoordinatorShard}. */
final class Lanes {
    private final Map<String, Lane> byGroup = new HashMap<>();
    private final int maxWaiting;
    private int waitingCount;

    /** @param maxWaiting clients' commands of all groups that may wait; further ones are refused */
    Lanes(int maxWaiting) {
        this.maxWaiting = maxWaiting;
    }

    /** Whether the command may be decided now. If not, it waits for {@link #drain}, or was refused. */
    boolean admitOrQueue(GroupCommand command) {
        Lane lane = byGroup.get(command.groupId());
        if (lane == null || lane.admits(command)) {
            return true;
        }
        if (command.isInternal() || waitingCount < maxWaiting) {
            lane.queue(command);
            waitingCount++;
        } else {
            command.refuse(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        }
        return false;
    }

    /** Records of the command are on their way. */
    void enter(GroupCommand command) {
        byGroup.computeIfAbsent(command.groupId(), id -> new Lane()).enter(command);
    }

    /** Records of the command are written, or cannot be. */
    void leave(GroupCommand command) {
        Lane lane = byGroup.get(command.groupId());
        if (lane != null) {
            lane.leave(command);
        }
    }

    /** Hands out what has waited, as far as it may be decided now. */
    void drain(String groupId, Consumer<GroupCommand> decide) {
        Lane lane = byGroup.get(groupId);
        if (lane == null) {
            return;
        }
        for (GroupCommand next = lane.poll(); next != null; next = lane.poll()) {
            waitingCount--;
            decide.accept(next);
        }
        if (lane.isIdle()) {
            byGroup.remove(groupId);
        }
    }

    /** Refuses everything that waits. */
    void refuseAll(Errors error) {
        for (Lane lane : byGroup.values()) {
            for (GroupCommand next = lane.pollAny(); next != null; next = lane.pollAny()) {
                next.refuse(error);
            }
        }
        byGroup.clear();
        waitingCount = 0;
    }
}
