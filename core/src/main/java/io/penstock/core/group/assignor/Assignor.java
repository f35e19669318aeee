package io.penstock.core.group.assignor;

import io.penstock.core.group.record.PartitionSet;
import java.util.Map;

/**
 * Divides the partitions of topics among the members that subscribe to them: each to exactly one, unless nobody subscribes to its topic.
 * Stateless, safe from any thread. The same input always gives the same answer.
 */
public interface Assignor {
    /** The name by which members ask for it and {@code group.consumer.assignors} lists it. */
    String name();

    /**
     * Decides what each member is to have.
     *
     * @return for every member of the input, maybe nothing; the very object that it had before if nothing changes for it
     */
    Map<String, PartitionSet> assign(AssignorInput input);
}
