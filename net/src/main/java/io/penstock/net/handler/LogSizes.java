package io.penstock.net.handler;

import io.penstock.core.PartitionRouter;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.PartitionStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.Errors;

/**
 * Asks many partitions for their size, a bounded number at a time, so that ten thousand of them do not hold up an event loop. Owned by
 * the event loop that calls {@link #collect}.
 */
final class LogSizes {
    private static final int MOST_AT_A_TIME = 256;

    private final PartitionRouter router;
    private final List<Named> partitions;
    private final Map<String, DescribeLogDirsTopic> topics = new LinkedHashMap<>();
    private Consumer<List<DescribeLogDirsTopic>> whenDone = done -> {};
    private int next;
    private int underWay;
    private boolean asking;

    /** A partition and the name of its topic. */
    record Named(String topic, PartitionId partition) {}

    LogSizes(PartitionRouter router, List<Named> partitions) {
        this.router = router;
        this.partitions = partitions;
    }

    /** Asks all; partitions that cannot tell are left out, and so are topics of which none can. Call it once. */
    void collect(Consumer<List<DescribeLogDirsTopic>> done) {
        whenDone = done;
        askMore();
    }

    private void askMore() {
        if (asking) {
            return;
        }
        asking = true;
        while (next < partitions.size() && underWay < MOST_AT_A_TIME) {
            Named named = partitions.get(next++);
            underWay++;
            router.status(named.partition(), status -> onStatus(named, status));
        }
        asking = false;
        if (underWay == 0) {
            whenDone.accept(new ArrayList<>(topics.values()));
        }
    }

    private void onStatus(Named named, PartitionStatus status) {
        underWay--;
        if (status.error() == Errors.NONE) {
            topics.computeIfAbsent(named.topic(), name -> new DescribeLogDirsTopic().setName(name))
                    .partitions()
                    .add(new DescribeLogDirsPartition()
                            .setPartitionIndex(named.partition().index())
                            .setPartitionSize(status.sizeBytes())
                            .setOffsetLag(Math.max(0, status.highWatermark() - status.logEndOffset())));
        }
        askMore();
    }
}
