package io.penstock.net.metrics;

import io.penstock.core.PartitionRouter;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.PartitionStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;

/**
 * Asks partitions for their offsets, so many at a time that no event loop is held up. Opens no log. Owned by the event loop that calls
 * {@link #run}.
 */
final class PartitionSurvey {

    private static final int AT_A_TIME = 256;

    private final PartitionRouter router;
    private final List<PartitionId> asked;
    private final Map<PartitionId, PartitionStatus> found = new HashMap<>();
    private final Promise<Map<PartitionId, PartitionStatus>> done = Promise.promise();
    private int next;
    private int underWay;
    private boolean isAsking;

    PartitionSurvey(PartitionRouter router, List<PartitionId> asked) {
        this.router = router;
        this.asked = asked;
    }

    /** The first partitions of all topics, in the order of names, at most {@code limit}. */
    static List<PartitionId> firstOf(MetadataImage image, int limit) {
        return image.topics().stream()
                .sorted(Comparator.comparing(TopicImage::name))
                .flatMap(topic -> topic.partitions().stream())
                .map(PartitionImage::id)
                .limit(limit)
                .toList();
    }

    /** Asks all of them; those that cannot tell are left out. Call it once. */
    Future<Map<PartitionId, PartitionStatus>> run() {
        askMore();
        return done.future();
    }

    /** Replies may come at once, inside the call that asks; the flag keeps them from nesting as deep as there are partitions. */
    private void askMore() {
        if (isAsking) {
            return;
        }
        isAsking = true;
        while (next < asked.size() && underWay < AT_A_TIME) {
            PartitionId partition = asked.get(next++);
            underWay++;
            router.status(partition, status -> onStatus(partition, status));
        }
        isAsking = false;
        if (underWay == 0) {
            done.tryComplete(found);
        }
    }

    private void onStatus(PartitionId partition, PartitionStatus status) {
        underWay--;
        if (status.error() == Errors.NONE) {
            found.put(partition, status);
        }
        askMore();
    }
}
