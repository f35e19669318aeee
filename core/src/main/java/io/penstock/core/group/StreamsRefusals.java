package io.penstock.core.group;

import io.penstock.core.group.streams.StreamsMember;
import org.apache.kafka.common.protocol.Errors;

/** Refusals of streams groups in Kafka's codes. Stateless. */
final class StreamsRefusals {
    private StreamsRefusals() {}

    /** There is no group of that id, or it is of another kind. */
    static Refusal noStreamsGroup(CoordinatorShard shard, String groupId) {
        return new Refusal(
                Errors.GROUP_ID_NOT_FOUND,
                shard.group(groupId) == null
                        ? "Streams group " + groupId + " not found."
                        : "Group " + groupId + " is not a streams group.");
    }

    static Refusal unknownMember(StreamsGroup group, String memberId) {
        return new Refusal(
                Errors.UNKNOWN_MEMBER_ID, "Member " + memberId + " is not a member of group " + group.groupId() + ".");
    }

    static Refusal fencedEpoch(StreamsMember member, int epoch) {
        return new Refusal(
                Errors.FENCED_MEMBER_EPOCH,
                "The streams group member has a " + (epoch > member.epoch() ? "greater" : "smaller") + " member epoch ("
                        + epoch + ") than the one known by the group coordinator (" + member.epoch()
                        + "). The member must abandon all its partitions and rejoin.");
    }

    static Refusal unknownState() {
        return new Refusal(
                Errors.FENCED_MEMBER_EPOCH,
                "The streams group member is in a unknown state. The member must abandon all its tasks and rejoin.");
    }

    static Refusal full(int maxMembers) {
        return new Refusal(
                Errors.GROUP_MAX_SIZE_REACHED,
                "The streams group has reached its maximum capacity of " + maxMembers + " members.");
    }

    static Refusal otherTopology() {
        return invalid("Topology updates are not supported yet.");
    }

    static Refusal unknownSubtopology(String subtopologyId) {
        return invalid("Subtopology " + subtopologyId + " does not exist in the topology.");
    }

    static Refusal unknownTask(String subtopologyId, int task, int taskCount) {
        return invalid("Task " + task + " for subtopology " + subtopologyId
                + " is invalid. Number of tasks for this subtopology: " + taskCount);
    }

    static Refusal invalidTopology(String message) {
        return new Refusal(Errors.STREAMS_INVALID_TOPOLOGY, message);
    }

    static Refusal invalid(String message) {
        return new Refusal(Errors.INVALID_REQUEST, message);
    }
}
