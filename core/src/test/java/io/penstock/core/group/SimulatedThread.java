package io.penstock.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.record.TaskAssignment;
import io.penstock.core.group.record.TaskSet;
import io.penstock.core.group.streams.StreamsMember;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TaskIds;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * A thread of a streams application, as Kafka's own behaves: it takes tasks only when it was told to, gives up what it is not told any
 * more, says what it has whenever it has done what it was told, be it that nothing has changed, and says everything after an answer was
 * lost.
 */
final class SimulatedThread {
    final String id;
    private final String processId;
    int epoch = StreamsMember.JOINING_EPOCH;
    TaskAssignment owned = TaskAssignment.EMPTY;
    private boolean isReportDue;
    private boolean isEverythingDue = true;
    /** What it was told last. */
    private TaskAssignment wanted = TaskAssignment.EMPTY;
    /** Whether it has not done yet what it was told last. */
    private boolean isBehind;

    SimulatedThread(String id, String processId) {
        this.id = id;
        this.processId = processId;
    }

    /** Does what it was told last: gives up first, takes later. It says what it has only when it has done all that it was told. */
    void work() {
        if (!isBehind) {
            return;
        }
        TaskAssignment kept = new TaskAssignment(
                owned.active().intersection(wanted.active()),
                owned.standby().intersection(wanted.standby()),
                TaskSet.EMPTY);
        owned = kept.equals(owned) ? wanted : kept;
        isBehind = !owned.equals(wanted);
        isReportDue = !isBehind;
    }

    /** Sends a heartbeat; its answer may be lost. Before it says everything it finishes what it was told. */
    void beat(StreamsFixture groups, boolean isAnswerLost) {
        if (isEverythingDue) {
            work();
            work();
        }
        StreamsGroupHeartbeatResponseData answer = groups.ask(request());
        if (isAnswerLost) {
            isEverythingDue = true;
            return;
        }
        isEverythingDue = false;
        isReportDue = false;
        Errors error = Errors.forCode(answer.errorCode());
        if (error == Errors.NONE) {
            take(answer);
        } else {
            assertThat(error).isIn(Errors.FENCED_MEMBER_EPOCH, Errors.UNKNOWN_MEMBER_ID, Errors.GROUP_ID_NOT_FOUND);
            rejoin();
        }
    }

    private void take(StreamsGroupHeartbeatResponseData answer) {
        assertThat(answer.memberEpoch()).isGreaterThanOrEqualTo(epoch);
        epoch = answer.memberEpoch();
        if (answer.activeTasks() != null) {
            TaskAssignment before = wanted;
            wanted = new TaskAssignment(tasks(answer.activeTasks()), tasks(answer.standbyTasks()), TaskSet.EMPTY);
            isBehind |= !wanted.equals(before);
        }
    }

    private static TaskSet tasks(List<StreamsGroupHeartbeatResponseData.TaskIds> ids) {
        TaskSet.Builder tasks = new TaskSet.Builder();
        ids.forEach(own -> tasks.addAll(own.subtopologyId(), own.partitions()));
        return tasks.build();
    }

    private void rejoin() {
        epoch = StreamsMember.JOINING_EPOCH;
        owned = TaskAssignment.EMPTY;
        wanted = TaskAssignment.EMPTY;
        isBehind = false;
        isEverythingDue = true;
    }

    /** Sends that it leaves. */
    Errors leave(StreamsFixture groups) {
        return groups.errorOf(StreamsFixture.beatRequest(id, StreamsMember.LEAVING_EPOCH));
    }

    private StreamsGroupHeartbeatRequestData request() {
        if (epoch == StreamsMember.JOINING_EPOCH) {
            return StreamsFixture.joinRequest(id).setProcessId(processId);
        }
        StreamsGroupHeartbeatRequestData request = StreamsFixture.beatRequest(id, epoch);
        if (isEverythingDue || isReportDue) {
            request.setActiveTasks(ids(owned.active()))
                    .setStandbyTasks(ids(owned.standby()))
                    .setWarmupTasks(List.of());
        }
        return request;
    }

    private static List<TaskIds> ids(TaskSet tasks) {
        List<TaskIds> ids = new ArrayList<>();
        tasks.bySubtopology()
                .forEach((subtopologyId, partitions) ->
                        ids.add(new TaskIds().setSubtopologyId(subtopologyId).setPartitions(List.copyOf(partitions))));
        return ids;
    }
}
