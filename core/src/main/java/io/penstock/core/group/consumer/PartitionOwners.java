package io.penstock.core.group.consumer;

import io.penstock.core.collection.PersistentMap;
import io.penstock.core.group.record.PartitionSet;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which partition, be it that the member may read it or that it has still to give it up. A partition has one owner at most:
 * nobody is given one that another holds. Immutable.
 */
public final class PartitionOwners {
    public static final PartitionOwners NONE = new PartitionOwners(PersistentMap.empty());

    private final PersistentMap<Key, String> memberIds;

    private record Key(Uuid topicId, int partition) {}

    private PartitionOwners(PersistentMap<Key, String> memberIds) {
        this.memberIds = memberIds;
    }

    /** The member that holds a partition; null if it is free. */
    public @Nullable String owner(Uuid topicId, int partition) {
        return memberIds.get(new Key(topicId, partition));
    }

    /** Whether nobody but that member holds a partition. */
    public boolean isFreeFor(String memberId, Uuid topicId, int partition) {
        String owner = owner(topicId, partition);
        return owner == null || owner.equals(memberId);
    }

    /** With what a member holds now in place of what it held before; null for one that was not or is not any more. */
    public PartitionOwners replacing(
            @Nullable ConsumerMember memberBefore, @Nullable ConsumerMember memberAfter, String memberId) {
        PartitionSet before = memberBefore == null ? PartitionSet.EMPTY : memberBefore.held();
        PartitionSet after = memberAfter == null ? PartitionSet.EMPTY : memberAfter.held();
        if (before.equals(after)) {
            return this;
        }
        List<PersistentMap<Key, String>> next = new ArrayList<>(List.of(memberIds));
        before.without(after).forEach((topicId, partition) -> {
            if (memberId.equals(owner(topicId, partition))) {
                next.set(0, next.get(0).minus(new Key(topicId, partition)));
            }
        });
        after.without(before)
                .forEach((topicId, partition) -> next.set(0, next.get(0).plus(new Key(topicId, partition), memberId)));
        return new PartitionOwners(next.get(0));
    }
}
