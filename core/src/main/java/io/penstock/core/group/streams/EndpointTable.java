package io.penstock.core.group.streams;

import io.penstock.core.group.consumer.TopicCatalog;
import io.penstock.core.group.consumer.TopicCatalog.KnownTopic;
import io.penstock.core.group.record.StreamsGroupMemberRecord.Endpoint;
import io.penstock.core.group.record.TaskSet;
import io.penstock.core.group.streams.TopologyPlan.PlannedSubtopology;
import io.penstock.core.group.streams.TopologyPlan.PlannedTopic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tells which endpoint has the state of which source partitions, so that applications can ask each other. Stateless. */
public final class EndpointTable {
    private EndpointTable() {}

    /**
     * What is to be found at one endpoint.
     *
     * @param active partitions of source topics whose state is there, by topic
     * @param standby those of which there is a copy
     */
    public record Entry(
            Endpoint endpoint, SortedMap<String, List<Integer>> active, SortedMap<String, List<Integer>> standby) {}

    /** One entry for each member with an endpoint, in the order of member ids. */
    public static List<Entry> of(Collection<StreamsMember> members, TopologyPlan plan, TopicCatalog catalog) {
        List<StreamsMember> sorted = new ArrayList<>(members);
        sorted.sort(Comparator.comparing(StreamsMember::id));
        List<Entry> entries = new ArrayList<>();
        for (StreamsMember member : sorted) {
            Endpoint endpoint = member.profile().endpoint();
            if (endpoint != null) {
                entries.add(new Entry(
                        endpoint,
                        partitions(member.assigned().active().tasks(), plan, catalog),
                        partitions(member.assigned().standby(), plan, catalog)));
            }
        }
        return entries;
    }

    private static SortedMap<String, List<Integer>> partitions(TaskSet tasks, TopologyPlan plan, TopicCatalog catalog) {
        SortedMap<String, List<Integer>> partitions = new TreeMap<>();
        for (Map.Entry<String, ? extends Collection<Integer>> own :
                tasks.bySubtopology().entrySet()) {
            PlannedSubtopology subtopology = plan.subtopologies().get(own.getKey());
            if (subtopology != null) {
                List<String> sources = new ArrayList<>(subtopology.sourceTopics());
                subtopology.repartitionSources().stream()
                        .map(PlannedTopic::name)
                        .forEach(sources::add);
                sources.forEach(topic -> partitions.put(topic, existing(topic, own.getValue(), catalog)));
            }
        }
        return partitions;
    }

    /** A topic may have fewer partitions than its subtopology has tasks. */
    private static List<Integer> existing(String topic, Collection<Integer> tasks, TopicCatalog catalog) {
        KnownTopic known = catalog.topic(topic);
        int count = known == null ? 0 : known.partitionCount();
        return tasks.stream().filter(partition -> partition < count).toList();
    }
}
