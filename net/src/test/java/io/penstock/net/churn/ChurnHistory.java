package io.penstock.net.churn;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Who was told to own what in which generation, and what was committed. Safe from any thread. */
final class ChurnHistory {
    private final Map<String, String> owners = new ConcurrentHashMap<>();
    private final Map<Integer, Long> acked = new ConcurrentHashMap<>();
    private final Map<Integer, Long> seen = new ConcurrentHashMap<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    /** A member was given partitions. */
    void onAssigned(String member, int generation, List<Integer> partitions) {
        for (int partition : partitions) {
            String owner = owners.putIfAbsent(generation + "/" + partition, member);
            if (owner != null && !owner.equals(member)) {
                violations.add("generation " + generation + " gave " + partition + " to " + owner + " and " + member);
            }
        }
    }

    /** A commit was acknowledged. */
    void onAcked(int partition, long offset) {
        acked.merge(partition, offset, Math::max);
    }

    /** What had been acknowledged for a partition when a question was asked. */
    long acked(int partition) {
        return acked.getOrDefault(partition, 0L);
    }

    /** The committed offset as the one observer sees it, who asks again and again. */
    void onSeen(int partition, long offset, long ackedBefore) {
        Long before = seen.put(partition, offset);
        if (offset < ackedBefore || (before != null && offset < before)) {
            violations.add("offset of " + partition + " went back to " + offset + " from " + before + ", acked "
                    + ackedBefore);
        }
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    /** Partitions assigned over all generations. */
    int assignmentCount() {
        return owners.size();
    }

    long ackedSum() {
        return acked.values().stream().mapToLong(Long::longValue).sum();
    }
}
