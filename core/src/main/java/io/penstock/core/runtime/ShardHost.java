package io.penstock.core.runtime;

import io.penstock.core.PartitionRouter;
import io.penstock.core.group.Now;
import java.util.concurrent.Executor;

/** What coordinators of one broker share, whatever they coordinate. Every part is safe from any thread. */
interface ShardHost {
    /** The way to the partitions that coordinators write to and load from. */
    PartitionRouter router();

    Clock clock();

    /** Ticked by the fleet of these coordinators. */
    AwakeClock awake();

    /** How long a write may wait for replicas and disks, in milliseconds. */
    int commitTimeoutMs();

    /** Run what would hold up an event loop. */
    Executor workers();

    default Now now() {
        return new Now(clock().wallMs(), awake().awakeMs());
    }
}
