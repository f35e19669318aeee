package io.penstock.core.group;

import io.penstock.core.group.consumer.ConsumerMember;
import org.apache.kafka.common.protocol.Errors;

/** Refusals of consumer groups in Kafka's codes. Stateless. */
final class ConsumerRefusals {
    private ConsumerRefusals() {}

    /** There is no group of that id, or it is of another kind. */
    static Refusal noConsumerGroup(CoordinatorShard shard, String groupId) {
        return new Refusal(
                Errors.GROUP_ID_NOT_FOUND,
                shard.group(groupId) == null
                        ? "Consumer group " + groupId + " not found."
                        : "Group " + groupId + " is not a consumer group.");
    }

    static Refusal unknownMember(ConsumerGroup group, String memberId) {
        return new Refusal(
                Errors.UNKNOWN_MEMBER_ID, "Member " + memberId + " is not a member of group " + group.groupId() + ".");
    }

    static Refusal unknownInstance(String instanceId) {
        return new Refusal(Errors.UNKNOWN_MEMBER_ID, "Instance id " + instanceId + " is unknown.");
    }

    /** Another process has taken the place of the one that asks. */
    static Refusal fencedInstance(ConsumerMember holder, String memberId, String instanceId) {
        return new Refusal(
                Errors.FENCED_INSTANCE_ID,
                "Static member " + memberId + " with instance id " + instanceId + " was fenced by member " + holder.id()
                        + ".");
    }

    /** The process that has the place has not left it. */
    static Refusal unreleasedInstance(ConsumerMember holder, String memberId, String instanceId) {
        return new Refusal(
                Errors.UNRELEASED_INSTANCE_ID,
                "Static member " + memberId + " with instance id " + instanceId
                        + " cannot join the group because the instance id is owned by " + holder.id() + " member.");
    }

    static Refusal fencedEpoch(ConsumerMember member, int epoch) {
        return new Refusal(
                Errors.FENCED_MEMBER_EPOCH,
                "The consumer group member has a " + (epoch > member.epoch() ? "greater" : "smaller")
                        + " member epoch (" + epoch + ") than the one known by the group coordinator (" + member.epoch()
                        + "). The member must abandon all its partitions and rejoin.");
    }

    static Refusal unknownState() {
        return new Refusal(
                Errors.FENCED_MEMBER_EPOCH,
                "The consumer group member is in a unknown state. The member must abandon all its partitions and"
                        + " rejoin.");
    }

    static Refusal full(int maxMembers) {
        return new Refusal(
                Errors.GROUP_MAX_SIZE_REACHED,
                "The consumer group has reached its maximum capacity of " + maxMembers + " members.");
    }

    static Refusal badPattern(String pattern, String flaw) {
        return new Refusal(
                Errors.INVALID_REGULAR_EXPRESSION,
                "SubscribedTopicRegex `" + pattern + "` is not a valid regular expression: " + flaw + ".");
    }
}
