package io.penstock.core.group;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;

/** Tells about the groups of a shard as they are stored. Stateless. */
public final class GroupListing {
    private GroupListing() {}

    /** The groups that a request asks for: those in one of the states and of one of the types, if it names any. */
    public static List<ListedGroup> list(CoordinatorShard shard, ListGroupsRequestData request) {
        Set<String> states = lowerCase(request.statesFilter());
        Set<String> types = lowerCase(request.typesFilter());
        List<ListedGroup> listed = new ArrayList<>();
        for (Group group : shard.groups()) {
            boolean isAskedFor = isIn(states, group.stateName())
                    && (types.isEmpty() || types.contains(group.kind().wireName()));
            if (isAskedFor) {
                listed.add(listed(group));
            }
        }
        return listed;
    }

    private static Set<String> lowerCase(List<String> names) {
        Set<String> lower = new HashSet<>();
        names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT).trim()));
        return lower;
    }

    private static boolean isIn(Set<String> lowerCaseNames, String name) {
        return lowerCaseNames.isEmpty() || lowerCaseNames.contains(name.toLowerCase(Locale.ROOT));
    }

    private static ListedGroup listed(Group group) {
        return new ListedGroup()
                .setGroupId(group.groupId())
                .setProtocolType(group.protocolTypeName())
                .setGroupState(group.stateName())
                .setGroupType(group.kind().wireName());
    }

    /** A consumer group with its members; any other counts as not found. */
    public static ConsumerGroupDescribeResponseData.DescribedGroup describeConsumer(
            CoordinatorShard shard, String groupId) {
        Group known = shard.group(groupId);
        return known instanceof ConsumerGroup group
                ? ConsumerAnswers.described(group, shard.consumerSettings(groupId), shard.topics())
                : ConsumerAnswers.notFound(groupId, known);
    }

    /** A streams group with its members; any other counts as not found. */
    public static StreamsGroupDescribeResponseData.DescribedGroup describeStreams(
            CoordinatorShard shard, String groupId) {
        Group known = shard.group(groupId);
        return known instanceof StreamsGroup group
                ? StreamsDescriptions.described(group)
                : StreamsDescriptions.notFound(groupId, known);
    }

    /** A classic group with its members; any other counts as not found. */
    public static DescribedGroup describe(CoordinatorShard shard, String groupId) {
        return shard.group(groupId) instanceof ClassicGroup group
                ? ClassicAnswers.described(group)
                : ClassicAnswers.notFound(groupId, shard.group(groupId));
    }
}
