package io.penstock.core.group;

import io.penstock.core.group.assignor.Assignor;
import io.penstock.core.group.assignor.AssignorInput;
import io.penstock.core.group.assignor.RangeAssignor;
import io.penstock.core.group.assignor.UniformAssignor;
import io.penstock.core.group.consumer.ConsumerMember;
import io.penstock.core.group.consumer.TopicCatalog;
import io.penstock.core.group.consumer.TopicCatalog.KnownTopic;
import io.penstock.core.group.record.PartitionSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the partitions of a consumer group's topics shared out by the assignor that most members want. Stateless. */
final class ConsumerAssignment {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConsumerAssignment.class);

    private static final List<Assignor> ALL = List.of(new UniformAssignor(), new RangeAssignor());

    private ConsumerAssignment() {}

    /** What every member is to have, as the group's members and topics are now. */
    static Map<String, PartitionSet> compute(ConsumerGroup group, TopicCatalog topics, ConsumerGroupSettings settings) {
        Assignor assignor = named(nameOf(group, settings));
        LOGGER.atDebug()
                .addKeyValue("groupId", LoggedText.of(group.groupId()))
                .addKeyValue("groupEpoch", group.epoch())
                .log("Partitions are shared out by {}", assignor.name());
        return assignor.assign(input(group, topics));
    }

    private static Assignor named(String name) {
        for (Assignor assignor : ALL) {
            if (assignor.name().equals(name)) {
                return assignor;
            }
        }
        throw new IllegalArgumentException("expected an assignor of " + ALL + ", found " + name);
    }

    /** The assignor that most members prefer, of those that are still offered, or the default. */
    static String nameOf(ConsumerGroup group, ConsumerGroupSettings settings) {
        String preferred = group.roster().preferredAssignor();
        return preferred != null && settings.assignors().contains(preferred) ? preferred : settings.defaultAssignor();
    }

    private static AssignorInput input(ConsumerGroup group, TopicCatalog topics) {
        Map<Uuid, Integer> counts = new HashMap<>();
        for (String name : group.subscriptions().topics()) {
            KnownTopic topic = topics.topic(name);
            if (topic != null) {
                counts.put(topic.id(), topic.partitionCount());
            }
        }
        Map<Set<String>, Set<Uuid>> ids = new HashMap<>(); // most members read the same
        Map<String, AssignorInput.Member> members = new HashMap<>();
        for (ConsumerMember member : group.roster().members()) {
            Set<Uuid> topicIds = ids.computeIfAbsent(group.subscriptions().topicsOf(member), topics::ids);
            members.put(
                    member.id(),
                    new AssignorInput.Member(
                            member.instanceId(), topicIds, group.targets().of(member.id())));
        }
        return new AssignorInput(members, counts);
    }
}
