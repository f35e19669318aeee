package io.penstock.net.handler;

import io.penstock.core.PartitionRouter;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.DeleteRecordsResult;
import io.penstock.core.partition.EpochEndResult;
import io.penstock.core.partition.FetchListener;
import io.penstock.core.partition.FetchRequest;
import io.penstock.core.partition.OffsetQuery;
import io.penstock.core.partition.OffsetResult;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.PartitionStatus;
import io.penstock.core.partition.ProducersResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Partitions in the test's own thread. Answers at once, or, while {@link #holdBack} is set, when told to. */
public final class FakePartitionRouter implements PartitionRouter {
    /** One append as it came in. */
    public record Append(PartitionId partition, AppendRequest request) {}

    public final List<Append> appends = new ArrayList<>();
    public final List<OffsetQuery> offsetQueries = new ArrayList<>();
    public Function<Append, AppendResult> appendAnswer = append -> AppendResult.appended(7, 7, -1, 0);
    public Function<OffsetQuery, OffsetResult> offsetAnswer = query -> new OffsetResult(Errors.NONE, -1, 42, 5);
    public ProducersResult producersAnswer = new ProducersResult(Errors.NONE, List.of());
    public EpochEndResult epochEndAnswer = new EpochEndResult(Errors.NONE, 5, 42);
    public DeleteRecordsResult deleteAnswer = new DeleteRecordsResult(Errors.NONE, 17);
    public Function<PartitionId, PartitionStatus> statusAnswer =
            partition -> new PartitionStatus(Errors.NONE, 0, 10, 10, 10, 100 + partition.index(), List.of());
    public final Map<PartitionId, Thread> homes = new HashMap<>();
    public boolean holdBack;

    private final Map<PartitionId, FakePartition> partitions = new HashMap<>();
    private final Queue<Runnable> heldBack = new ArrayDeque<>();

    public FakePartition partition(PartitionId id) {
        return partitions.computeIfAbsent(id, unseen -> new FakePartition());
    }

    /** Lets the oldest held back reply go. */
    public void releaseOne() {
        heldBack.remove().run();
    }

    public int heldBackCount() {
        return heldBack.size();
    }

    private void reply(Runnable reply) {
        if (holdBack) {
            heldBack.add(reply);
        } else {
            reply.run();
        }
    }

    @Override
    public void append(PartitionId partition, AppendRequest request, Consumer<AppendResult> reply) {
        Append append = new Append(partition, request);
        appends.add(append);
        reply(() -> reply.accept(appendAnswer.apply(append)));
    }

    @Override
    public PendingFetch fetch(PartitionId partition, FetchRequest request, FetchListener listener) {
        if (!holdBack) {
            return partition(partition).fetch(request, listener);
        }
        LatePending pending = new LatePending();
        heldBack.add(() -> pending.onStarted(partition(partition).fetch(request, listener)));
        return pending;
    }

    /** A fetch that has not reached its partition yet, as behind a slow event bus. */
    private static final class LatePending implements PendingFetch {
        private PendingFetch started = () -> {};
        private boolean completed;

        void onStarted(PendingFetch pending) {
            started = pending;
            if (completed) {
                pending.completeNow();
            }
        }

        @Override
        public void completeNow() {
            completed = true;
            started.completeNow();
        }
    }

    @Override
    public void listOffset(PartitionId partition, OffsetQuery query, Consumer<OffsetResult> reply) {
        offsetQueries.add(query);
        reply(() -> reply.accept(offsetAnswer.apply(query)));
    }

    @Override
    public void producers(PartitionId partition, Consumer<ProducersResult> reply) {
        reply(() -> reply.accept(producersAnswer));
    }

    @Override
    public void epochEnd(
            PartitionId partition, int currentLeaderEpoch, int leaderEpoch, Consumer<EpochEndResult> reply) {
        reply(() -> reply.accept(epochEndAnswer));
    }

    @Override
    public void deleteRecords(PartitionId partition, long offset, Consumer<DeleteRecordsResult> reply) {
        reply(() -> reply.accept(deleteAnswer));
    }

    @Override
    public @Nullable Thread home(PartitionId partition) {
        return homes.get(partition);
    }

    @Override
    public void status(PartitionId partition, Consumer<PartitionStatus> reply) {
        reply(() -> reply.accept(statusAnswer.apply(partition)));
    }
}
