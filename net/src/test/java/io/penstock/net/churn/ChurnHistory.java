package io.penstock.net.churn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Who was told to own what in which generation, who owned what at a time, and what was committed. Safe from any thread.
 *
 * <p>A member that the group has given up, because the machine did not let it speak in time, learns so only later. That somebody else
 * owned its partitions meanwhile is no violation if it is told then that it has <em>lost</em> them.
 */
final class ChurnHistory {
    private final Map<String, String> owners = new ConcurrentHashMap<>();
    private final Map<Integer, String> ownersNow = new ConcurrentHashMap<>();
    /** Who must turn out to have lost which partition, and who took it. */
    private final Map<String, String> contested = new ConcurrentHashMap<>();

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

    /** A member owns partitions from now on. */
    void onOwned(String member, List<Integer> partitions) {
        for (int partition : partitions) {
            String before = ownersNow.put(partition, member);
            if (before != null && !before.equals(member)) {
                contested.put(before + "/" + partition, member);
            }
        }
    }

    /** A member, told to do so or of its own will, owns partitions no more. */
    void onGivenUp(String member, List<Integer> partitions) {
        for (int partition : partitions) {
            ownersNow.remove(partition, member);
            String taker = contested.remove(member + "/" + partition);
            if (taker != null) {
                violations.add(partition + " was given to " + taker + " while " + member + " owned it");
            }
        }
    }

    /** A member was told that partitions had been taken from it. */
    void onLost(String member, List<Integer> partitions) {
        for (int partition : partitions) {
            ownersNow.remove(partition, member);
            contested.remove(member + "/" + partition);
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
        List<String> all = new ArrayList<>(violations);
        contested.forEach((owned, taker) -> all.add(owned + " was owned still when it was given to " + taker));
        return all;
    }

    /** Partitions assigned over all generations. */
    int assignmentCount() {
        return owners.size();
    }

    long ackedSum() {
        return acked.values().stream().mapToLong(Long::longValue).sum();
    }
}
