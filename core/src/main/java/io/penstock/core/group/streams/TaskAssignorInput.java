package io.penstock.core.group.streams;

import io.penstock.core.group.record.TaskAssignment;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What tasks are shared out by. Immutable.
 *
 * @param members by id
 * @param subtopologies by id
 * @param standbyReplicas copies of the state of each task that has one, besides the active task's own
 */
public record TaskAssignorInput(
        SortedMap<String, Member> members, SortedMap<String, Subtopology> subtopologies, int standbyReplicas) {
    public TaskAssignorInput {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        subtopologies = Collections.unmodifiableSortedMap(new TreeMap<>(subtopologies));
    }

    public TaskAssignorInput(Map<String, Member> members, Map<String, Subtopology> subtopologies, int standbyReplicas) {
        this(new TreeMap<>(members), new TreeMap<>(subtopologies), standbyReplicas);
    }

    /**
     * A member.
     *
     * @param processId the same for members that share a disk: they never have a task twice
     * @param previous what it was to have so far
     */
    public record Member(String processId, TaskAssignment previous) {}

    /**
     * A subtopology.
     *
     * @param taskCount tasks are numbered from 0
     */
    public record Subtopology(int taskCount, boolean isStateful) {}
}
