package io.penstock.net.handler;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.PartitionImage;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts on which event loops the partitions of one request live. Owned by its maker. */
public final class PartitionHomes {
    /** More are not looked at: the first ones tell enough. */
    private static final int MAX_COUNTED = 16;

    private final BrokerKernel kernel;
    private final Map<Thread, Integer> counts = new HashMap<>(4);
    private int counted;

    public PartitionHomes(BrokerKernel kernel) {
        this.kernel = kernel;
    }

    public boolean isFull() {
        return counted >= MAX_COUNTED;
    }

    /** Counts one partition; one that is unknown, or not here, counts for no loop. */
    public void count(@Nullable PartitionImage partition) {
        counted++;
        Thread home = partition == null ? null : kernel.partitions().home(partition.id());
        if (home != null) {
            counts.merge(home, 1, Integer::sum);
        }
    }

    /** The event loop of more than half of the partitions counted; null if there is none. */
    public @Nullable Thread majority() {
        for (Map.Entry<Thread, Integer> loop : counts.entrySet()) {
            if (2 * loop.getValue() > counted) {
                return loop.getKey();
            }
        }
        return null;
    }
}
