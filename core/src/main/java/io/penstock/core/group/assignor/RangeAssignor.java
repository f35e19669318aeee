package io.penstock.core.group.assignor;

import io.penstock.core.group.assignor.AssignorInput.Member;
import io.penstock.core.group.record.PartitionSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import org.apache.kafka.common.Uuid;

/**
 * Gives each subscriber of a topic one range of its partitions; the first ones in order get one more where they do not divide evenly. So
 * topics with as many partitions and the same subscribers are divided alike, and their records can be joined partition by partition.
 *
 * <p>Static members come first, in the order of their instance ids, and keep their ranges over a restart; dynamic ones follow in the order
 * of their member ids. The result is that of Kafka. Takes time proportional to subscriptions and partitions, beside sorting the members.
 */
public final class RangeAssignor implements Assignor {
    public static final String NAME = "range";

    private static final Comparator<Entry<String, Member>> STATIC_MEMBERS_FIRST = (left, right) -> {
        String leftInstance = left.getValue().instanceId();
        String rightInstance = right.getValue().instanceId();
        if (leftInstance == null) {
            return rightInstance == null ? left.getKey().compareTo(right.getKey()) : 1;
        }
        return rightInstance == null ? -1 : leftInstance.compareTo(rightInstance);
    };

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, PartitionSet> assign(AssignorInput input) {
        List<Entry<String, Member>> members = new ArrayList<>(input.members().entrySet());
        members.sort(STATIC_MEMBERS_FIRST);
        Map<Uuid, Ranges> topics = new HashMap<>();
        for (Entry<String, Member> member : members) {
            for (Uuid topicId : member.getValue().topicIds()) {
                topics.computeIfAbsent(topicId, id -> new Ranges(input.partitionCount(id))).subscriberCount++;
            }
        }
        Map<String, PartitionSet> targets = new HashMap<>();
        for (Entry<String, Member> member : members) {
            targets.put(member.getKey(), target(member.getValue(), topics));
        }
        return targets;
    }

    private static PartitionSet target(Member member, Map<Uuid, Ranges> topics) {
        PartitionSet.Builder target = new PartitionSet.Builder();
        for (Uuid topicId : member.topicIds()) {
            Ranges ranges = topics.get(topicId);
            if (ranges != null) {
                ranges.giveNext(topicId, target);
            }
        }
        return target.buildUnless(member.target());
    }

    /** The partitions of one topic, cut into a range for each subscriber. */
    private static final class Ranges {
        private final int partitionCount;
        private int subscriberCount;
        private int served;
        private int next;

        Ranges(int partitionCount) {
            this.partitionCount = partitionCount;
        }

        void giveNext(Uuid topicId, PartitionSet.Builder target) {
            int size = partitionCount / subscriberCount + (served++ < partitionCount % subscriberCount ? 1 : 0);
            for (int end = next + size; next < end; next++) {
                target.add(topicId, next);
            }
        }
    }
}
