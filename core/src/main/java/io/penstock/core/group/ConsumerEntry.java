package io.penstock.core.group;

import io.penstock.core.group.record.GroupRecord;
import org.jspecify.annotations.Nullable;

/**
 * The way of a member of the consumer protocol into its group, whatever group has the id now. Exactly one of the two is there.
 *
 * @param draft the group, as it is or as it is made for the member
 * @param refusal why there is no way
 */
record ConsumerEntry(
        @Nullable ConsumerDraft draft, @Nullable Refusal refusal) {

    /**
     * Finds the group. For one that joins, a group that is not there is made, an empty one of another kind is replaced, and a classic
     * one with members is turned into a consumer group if the policy allows it.
     */
    static ConsumerEntry into(CoordinatorShard shard, String groupId, boolean isJoining, Now now) {
        Group current = shard.group(groupId);
        if (current instanceof ConsumerGroup group) {
            return entry(new ConsumerDraft(shard, group, now));
        } else if (!isJoining || current instanceof StreamsGroup) {
            return refused(ConsumerRefusals.noConsumerGroup(shard, groupId));
        } else if (current instanceof ClassicGroup classic && !classic.isEmpty()) {
            return ConsumerUpgrade.of(shard, classic, now);
        }
        ConsumerDraft draft = new ConsumerDraft(shard, ConsumerGroup.empty(groupId), now);
        if (current != null) {
            for (GroupRecord tombstone : current.tombstones()) {
                draft.step().append(tombstone);
            }
        }
        return entry(draft);
    }

    static ConsumerEntry entry(ConsumerDraft draft) {
        return new ConsumerEntry(draft, null);
    }

    static ConsumerEntry refused(Refusal refusal) {
        return new ConsumerEntry(null, refusal);
    }
}
