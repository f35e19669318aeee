package io.penstock.core.group.streams;

import io.penstock.core.group.record.TaskAssignment;
import io.penstock.core.group.streams.TaskAssignorInput.Member;
import io.penstock.core.group.streams.TaskAssignorInput.Subtopology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** An application whose processes and threads come and go at random. */
final class RandomApplication {
    private final Random random;
    private final Map<String, Member> members = new TreeMap<>();
    private final Map<String, Subtopology> subtopologies = new TreeMap<>();
    private int standbyReplicas;
    private int memberNumber;

    RandomApplication(Random random) {
        this.random = random;
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            subtopologies.put(Integer.toString(i), new Subtopology(1 + random.nextInt(12), random.nextInt(3) > 0));
        }
        standbyReplicas = random.nextInt(3);
        for (int i = random.nextInt(5); i >= 0; i--) {
            addMember();
        }
    }

    TaskAssignorInput input() {
        return new TaskAssignorInput(members, subtopologies, standbyReplicas);
    }

    /** The members have from now on what was decided. */
    void carryOut(Map<String, TaskAssignment> targets) {
        members.replaceAll(
                (id, member) -> new Member(member.processId(), targets.getOrDefault(id, TaskAssignment.EMPTY)));
    }

    /** Something happens to the application. */
    void change() {
        switch (random.nextInt(5)) {
            case 0, 1 -> addMember();
            case 2, 3 -> removeMember();
            default -> standbyReplicas = random.nextInt(3);
        }
    }

    private void addMember() {
        String memberId = "m" + random.nextInt(100) + "-" + memberNumber++;
        members.put(memberId, new Member("p" + random.nextInt(4), TaskAssignment.EMPTY));
    }

    private void removeMember() {
        if (members.size() > 1) {
            List<String> ids = new ArrayList<>(members.keySet());
            members.remove(ids.get(random.nextInt(ids.size())));
        }
    }
}
