package io.penstock.core.group.assignor;

import io.penstock.core.group.assignor.AssignorInput.Member;
import io.penstock.core.group.record.PartitionSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.coordinator.group.api.assignor.ConsumerGroupPartitionAssignor;
import org.apache.kafka.coordinator.group.api.assignor.GroupAssignment;
import org.apache.kafka.coordinator.group.api.assignor.GroupSpec;
import org.apache.kafka.coordinator.group.api.assignor.MemberAssignment;
import org.apache.kafka.coordinator.group.api.assignor.MemberSubscription;
import org.apache.kafka.coordinator.group.api.assignor.SubscribedTopicDescriber;
import org.apache.kafka.coordinator.group.api.assignor.SubscriptionType;
import org.apache.kafka.coordinator.group.modern.MemberAssignmentImpl;

/** One of Kafka's own assignors behind our interface. */
record KafkasAssignor(ConsumerGroupPartitionAssignor kafkas) implements Assignor {

    @Override
    public String name() {
        return kafkas.name();
    }

    @Override
    public Map<String, PartitionSet> assign(AssignorInput input) {
        GroupAssignment assignment = kafkas.assign(new Spec(input), new Topics(input.partitionCounts()));
        Map<String, PartitionSet> targets = new HashMap<>();
        for (String memberId : input.members().keySet()) {
            MemberAssignment own = assignment.members().get(memberId);
            targets.put(memberId, own == null ? PartitionSet.EMPTY : PartitionSet.of(own.partitions()));
        }
        return targets;
    }

    private record Topics(Map<Uuid, Integer> partitionCounts) implements SubscribedTopicDescriber {
        @Override
        public int numPartitions(Uuid topicId) {
            return partitionCounts.getOrDefault(topicId, -1);
        }

        @Override
        public Set<String> racksForPartition(Uuid topicId, int partition) {
            return Set.of();
        }
    }

    private record Spec(AssignorInput input) implements GroupSpec {
        @Override
        public Set<String> memberIds() {
            return input.members().keySet();
        }

        @Override
        public SubscriptionType subscriptionType() {
            long different = input.members().values().stream()
                    .map(Member::topicIds)
                    .distinct()
                    .count();
            return different <= 1 ? SubscriptionType.HOMOGENEOUS : SubscriptionType.HETEROGENEOUS;
        }

        @Override
        public boolean isPartitionAssigned(Uuid topicId, int partition) {
            return input.members().values().stream()
                    .anyMatch(member -> member.target().contains(topicId, partition));
        }

        @Override
        public boolean isPartitionAssignable(Uuid topicId, int partition) {
            return true;
        }

        @Override
        public MemberSubscription memberSubscription(String memberId) {
            Member member = member(memberId);
            return new MemberSubscription() {
                @Override
                public Optional<String> rackId() {
                    return Optional.empty();
                }

                @Override
                public Optional<String> instanceId() {
                    return Optional.ofNullable(member.instanceId());
                }

                @Override
                public Set<Uuid> subscribedTopicIds() {
                    return member.topicIds();
                }
            };
        }

        @Override
        public MemberAssignment memberAssignment(String memberId) {
            PartitionSet target = member(memberId).target();
            Map<Uuid, Set<Integer>> partitions = new HashMap<>();
            target.topicIds().forEach(id -> partitions.put(id, new HashSet<>(target.partitionList(id))));
            return new MemberAssignmentImpl(Collections.unmodifiableMap(partitions));
        }

        private Member member(String memberId) {
            Member member = input.members().get(memberId);
            if (member == null) {
                throw new IllegalArgumentException("no member " + memberId);
            }
            return member;
        }
    }
}
