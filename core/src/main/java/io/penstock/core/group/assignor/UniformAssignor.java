package io.penstock.core.group.assignor;

import io.penstock.core.group.assignor.AssignorInput.Member;
import io.penstock.core.group.record.PartitionSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;

/**
 * Gives all members as many partitions as the others, and moves no more of them than that takes.
 *
 * <p>If all subscribe to the same topics, their shares differ by one at most: {@link EqualShares}. If not, no partition could move from a
 * member to one with at least two fewer: {@link BalancedShares}, which in groups beyond its bounds stops while there is still something
 * to gain.
 */
public final class UniformAssignor implements Assignor {
    public static final String NAME = "uniform";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, PartitionSet> assign(AssignorInput input) {
        return areAlike(input) ? EqualShares.assign(input) : BalancedShares.assign(input);
    }

    private static boolean areAlike(AssignorInput input) {
        Iterator<Member> members = input.members().values().iterator();
        if (!members.hasNext()) {
            return true;
        }
        Set<Uuid> first = members.next().topicIds();
        while (members.hasNext()) {
            Set<Uuid> topicIds = members.next().topicIds();
            if (topicIds != first && !topicIds.equals(first)) {
                return false;
            }
        }
        return true;
    }
}
