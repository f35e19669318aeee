package io.penstock.core.group.streams;

import io.penstock.core.group.record.TaskAssignment;
import io.penstock.core.group.record.TaskSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Shares tasks out as Kafka's assignor {@code sticky} does: an active task stays where it was or goes where a copy of its state is, as
 * long as no member gets more than its share; what is left goes to whoever has least. Standby tasks go to processes that do not have
 * the task yet, first to those that had it. Active tasks of two members differ in number by one at most. Nothing moves as long as all is
 * as it should be, and the same input gives the same answer. Owned by one call.
 *
 * <p>Warm-up tasks are not given, nor racks and tags of clients regarded, as in Kafka 4.3.
 */
public final class StickyTaskAssignor {
    /** The name that tools show. */
    public static final String NAME = "sticky";

    private final TaskAssignorInput input;
    private final SortedMap<String, Seat> seats = new TreeMap<>();
    private final SortedMap<String, Home> processes = new TreeMap<>();
    /** Those with the least to do first. */
    private final TreeSet<Seat> seatsByLoad =
            new TreeSet<>(Comparator.comparingInt((Seat seat) -> seat.load).thenComparing(seat -> seat.memberId));

    private final Map<Task, Seat> previousActive = new HashMap<>();
    private final Map<Task, List<Seat>> previousStandby = new HashMap<>();

    private StickyTaskAssignor(TaskAssignorInput input) {
        this.input = input;
    }

    /** A task, in the order in which tasks are given: so neighbours go to different members. */
    private record Task(String subtopologyId, int partition) {}

    /** A member and what it gets. */
    private static final class Seat {
        final String memberId;
        final Home process;
        final TaskSet.Builder active = new TaskSet.Builder();
        final TaskSet.Builder standby = new TaskSet.Builder();
        int load;

        Seat(String memberId, Home process) {
            this.memberId = memberId;
            this.process = process;
        }
    }

    /** The process of some members, and all tasks that they have in whatever role. */
    private static final class Home {
        final String id;
        final List<Seat> seats = new ArrayList<>();
        final TreeSet<Task> tasks =
                new TreeSet<>(Comparator.comparing(Task::subtopologyId).thenComparingInt(Task::partition));

        Home(String id) {
            this.id = id;
        }

        /** Tasks for each member, compared without fractions. */
        static int compareLoad(Home one, Home other) {
            int load = Long.compare(
                    (long) one.tasks.size() * other.seats.size(), (long) other.tasks.size() * one.seats.size());
            return load == 0 ? one.id.compareTo(other.id) : load;
        }
    }

    /** A number of tasks that is shared out evenly: some members may have one more than the others. */
    private static final class Share {
        private final int atLeast;
        private int extra;

        Share(int taskCount, int memberCount) {
            this.atLeast = taskCount / memberCount;
            this.extra = taskCount % memberCount;
        }

        /** Whether a member with so many tasks may have one more; if so, it is taken for given. */
        boolean take(int load) {
            if (load < atLeast) {
                return true;
            }
            if (load == atLeast && extra > 0) {
                extra--;
                return true;
            }
            return false;
        }
    }

    /** What every member is to have. */
    public static Map<String, TaskAssignment> assign(TaskAssignorInput input) {
        if (input.members().isEmpty()) {
            return Map.of();
        }
        if (SettledTasks.isSettled(input)) {
            Map<String, TaskAssignment> same = new HashMap<>();
            input.members().forEach((memberId, member) -> same.put(memberId, member.previous()));
            return same;
        }
        StickyTaskAssignor assignor = new StickyTaskAssignor(input);
        assignor.seat();
        assignor.assignActive();
        assignor.assignStandby();
        return assignor.result();
    }

    private void seat() {
        input.members().forEach((memberId, member) -> {
            Home process = processes.computeIfAbsent(member.processId(), Home::new);
            Seat seat = new Seat(memberId, process);
            process.seats.add(seat);
            seats.put(memberId, seat);
            seatsByLoad.add(seat);
            member.previous().active().forEach((id, partition) -> previousActive.put(new Task(id, partition), seat));
            member.previous()
                    .standby()
                    .forEach((id, partition) -> previousStandby
                            .computeIfAbsent(new Task(id, partition), task -> new ArrayList<>())
                            .add(seat));
        });
    }

    private List<Task> tasks(boolean isStatefulOnly) {
        List<Task> tasks = new ArrayList<>();
        input.subtopologies().forEach((id, subtopology) -> {
            if (subtopology.isStateful() || !isStatefulOnly) {
                for (int partition = 0; partition < subtopology.taskCount(); partition++) {
                    tasks.add(new Task(id, partition));
                }
            }
        });
        return tasks;
    }

    // ---- active tasks

    private void assignActive() {
        List<Task> tasks = tasks(false);
        Share share = new Share(tasks.size(), seats.size());
        // By partition first: then what exceeds a member's share is spread over subtopologies.
        tasks.sort(Comparator.comparingInt(Task::partition).thenComparing(Task::subtopologyId));
        tasks.removeIf(task -> stays(task, previousActive.get(task), share));
        tasks.removeIf(task -> stays(task, leastLoaded(previousStandby.get(task)), share));
        tasks.sort(Comparator.comparing(Task::subtopologyId).thenComparingInt(Task::partition));
        for (Task task : tasks) {
            give(task, seatsByLoad.first(), true);
        }
    }

    private boolean stays(Task task, @Nullable Seat seat, Share share) {
        if (seat == null || !share.take(seat.load)) {
            return false;
        }
        give(task, seat, true);
        return true;
    }

    private static @Nullable Seat leastLoaded(@Nullable List<Seat> candidates) {
        Seat least = null;
        if (candidates != null) {
            for (Seat seat : candidates) {
                least = least == null || seat.load < least.load ? seat : least;
            }
        }
        return least;
    }

    private void give(Task task, Seat seat, boolean isActive) {
        (isActive ? seat.active : seat.standby).add(task.subtopologyId(), task.partition());
        seat.process.tasks.add(task);
        seatsByLoad.remove(seat);
        seat.load++;
        seatsByLoad.add(seat);
    }

    // ---- standby tasks

    private void assignStandby() {
        if (input.standbyReplicas() == 0) {
            return;
        }
        List<Task> tasks = tasks(true);
        int replicas = Math.min(input.standbyReplicas(), processes.size() - 1);
        int total = tasks(false).size() + tasks.size() * replicas;
        int mostLoad = total / seats.size() + (total % seats.size() == 0 ? 0 : 1);
        Map<Task, Integer> remaining = new HashMap<>();
        for (Task task : tasks) {
            remaining.put(task, replicas - keepCopies(task, replicas, mostLoad));
        }
        for (Task task : tasks) {
            for (int left = remaining.getOrDefault(task, 0); left > 0; left--) {
                Home process = leastLoadedWithout(task);
                if (process != null) {
                    give(task, leastSeat(process), false);
                }
            }
        }
    }

    /** Leaves copies where the state is already: with the member that was active, then with those that had one. */
    private int keepCopies(Task task, int replicas, int mostLoad) {
        List<Seat> candidates = new ArrayList<>();
        Seat active = previousActive.get(task);
        if (active != null) {
            candidates.add(active);
        }
        candidates.addAll(previousStandby.getOrDefault(task, List.of()));
        int kept = 0;
        for (Seat seat : candidates) {
            if (kept < replicas && seat.load < mostLoad && !seat.process.tasks.contains(task)) {
                give(task, seat, false);
                kept++;
            }
        }
        return kept;
    }

    private @Nullable Home leastLoadedWithout(Task task) {
        Home least = null;
        for (Home process : processes.values()) {
            boolean isBetter = least == null || Home.compareLoad(process, least) < 0;
            if (isBetter && !process.tasks.contains(task)) {
                least = process;
            }
        }
        return least;
    }

    private static Seat leastSeat(Home process) {
        Seat least = process.seats.get(0);
        for (Seat seat : process.seats) {
            least = seat.load < least.load ? seat : least;
        }
        return least;
    }

    private Map<String, TaskAssignment> result() {
        Map<String, TaskAssignment> result = new HashMap<>();
        seats.forEach((memberId, seat) ->
                result.put(memberId, new TaskAssignment(seat.active.build(), seat.standby.build(), TaskSet.EMPTY)));
        return result;
    }
}
