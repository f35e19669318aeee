package io.penstock.core.group;

import io.penstock.core.group.record.EncodedRecord;
import io.penstock.core.group.record.GroupRecord;
import io.penstock.core.group.record.GroupRecordCodec;
import io.penstock.core.group.record.TransactionProducer;
import io.penstock.core.transaction.TransactionMarker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written, first come, first written, and the batch that is being written. Steps share a batch; what belongs to a
 * transaction, and the end of one, has a batch of its own. Owned by one {@link CoordinatorShard}.
 */
final class WriteQueue {
    private final ArrayDeque<Unwritten> waiting = new ArrayDeque<>();
    private List<Unwritten> inFlight = List.of();
    /** How many ends of a producer's transactions are in the queue or in flight. */
    private final Map<Long, Integer> ends = new HashMap<>();

    private int endCount;

    /** Something that is not in the log yet. */
    sealed interface Unwritten {
        /** Answers that it never will be, if there is anybody to answer. */
        void refuse(Errors error);
    }

    /**
     * A step with its records.
     *
     * @param sizeBytes that a batch of the records alone would have
     */
    record UnwrittenStep(GroupCommand command, Step step, List<EncodedRecord> records, int sizeBytes)
            implements Unwritten {
        /** @throws io.penstock.core.group.record.UnstorableRecordException if one of its records has no form to be stored in */
        static UnwrittenStep of(GroupCommand command, Step step) {
            List<EncodedRecord> encoded = new ArrayList<>(step.records().size());
            long bytes = EncodedRecord.BATCH_OVERHEAD_BYTES;
            for (GroupRecord each : step.records()) {
                EncodedRecord record = GroupRecordCodec.encode(each);
                encoded.add(record);
                bytes += record.sizeBytes();
            }
            return new UnwrittenStep(command, step, encoded, (int) Math.min(Integer.MAX_VALUE, bytes));
        }

        @Override
        public void refuse(Errors error) {
            command.refuse(error);
        }
    }

    /** The end of a transaction. */
    record UnwrittenEnd(TransactionMarker marker, Consumer<Errors> reply) implements Unwritten {
        @Override
        public void refuse(Errors error) {
            reply.accept(error);
        }
    }

    void add(UnwrittenStep step) {
        waiting.add(step);
    }

    void add(UnwrittenEnd end) {
        waiting.add(end);
        ends.merge(end.marker().producerId(), 1, Integer::sum);
        endCount++;
    }

    /** Ends of transactions that are not written yet. */
    int endCount() {
        return endCount;
    }

    /** Whether the end of a transaction of that producer is on its way into the log. */
    boolean isEnding(long producerId) {
        return ends.containsKey(producerId);
    }

    /** Takes the next batch; null if there is nothing to write, or a batch is in flight. */
    @Nullable
    LogWrite next(int maxBatchBytes) {
        if (!inFlight.isEmpty()) {
            return null;
        }
        Unwritten first = waiting.poll();
        if (first == null) {
            return null;
        } else if (first instanceof UnwrittenEnd end) {
            inFlight = List.of(end);
            return new LogWrite.End(end.marker());
        }
        return records((UnwrittenStep) first, maxBatchBytes);
    }

    private LogWrite records(UnwrittenStep first, int maxBatchBytes) {
        TransactionProducer transaction = first.step().transaction();
        List<Unwritten> taken = new ArrayList<>();
        List<EncodedRecord> batch = new ArrayList<>(first.records());
        taken.add(first);
        long bytes = first.sizeBytes();
        while (transaction == null
                && waiting.peek() instanceof UnwrittenStep next
                && next.step().transaction() == null) {
            bytes += next.sizeBytes();
            if (bytes > maxBatchBytes) {
                break;
            }
            taken.add(waiting.remove());
            batch.addAll(next.records());
        }
        inFlight = taken;
        return new LogWrite.Records(batch, transaction);
    }

    /** What was in flight; from now on nothing is. */
    List<Unwritten> land() {
        List<Unwritten> landed = inFlight;
        inFlight = List.of();
        landed.forEach(this::forget);
        return landed;
    }

    /** Everything, in flight or waiting; from now on there is nothing. */
    List<Unwritten> clear() {
        List<Unwritten> all = new ArrayList<>(land());
        waiting.forEach(this::forget);
        all.addAll(waiting);
        waiting.clear();
        return all;
    }

    private void forget(Unwritten landed) {
        if (landed instanceof UnwrittenEnd end) {
            ends.computeIfPresent(end.marker().producerId(), (id, count) -> count - 1);
            ends.remove(end.marker().producerId(), 0);
            endCount--;
        }
    }
}
