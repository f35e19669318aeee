package io.penstock.core.group;

import io.penstock.core.group.consumer.ConsumerMember;
import io.penstock.core.group.record.ConsumerGroupRegexRecord;
import io.penstock.core.group.record.PartitionSet;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All that a consumer group is, in a form that can be compared. Immutable. */
record ConsumerSnapshot(
        int epoch,
        long topicsHash,
        int targetEpoch,
        long targetTimeMs,
        Map<String, ConsumerMember> members,
        Map<String, PartitionSet> targets,
        Map<String, ConsumerGroupRegexRecord.Value> resolved,
        Map<String, @Nullable String> owners) {

    static ConsumerSnapshot of(ConsumerGroup group) {
        Map<String, ConsumerMember> members = new TreeMap<>();
        Map<String, PartitionSet> targets = new TreeMap<>();
        Map<String, @Nullable String> owners = new TreeMap<>();
        for (ConsumerMember member : group.roster().members()) {
            members.put(member.id(), member);
            targets.put(member.id(), group.targets().of(member.id()));
            member.held()
                    .forEach((topicId, partition) ->
                            owners.put(topicId + "-" + partition, group.owners().owner(topicId, partition)));
        }
        Map<String, ConsumerGroupRegexRecord.Value> resolved = new TreeMap<>();
        for (String pattern : group.subscriptions().resolvedPatterns()) {
            ConsumerGroupRegexRecord.Value matches = group.subscriptions().resolved(pattern);
            if (matches != null) {
                resolved.put(pattern, matches);
            }
        }
        return new ConsumerSnapshot(
                group.epoch(),
                group.topicsHash(),
                group.targets().epoch(),
                group.targets().timeMs(),
                members,
                targets,
                resolved,
                owners);
    }
}
