package io.penstock.core.runtime;

import io.penstock.core.group.record.CorruptGroupRecordException;
import io.penstock.core.partition.FetchListener;
import io.penstock.core.partition.FetchRequest;
import io.penstock.core.partition.FetchResult;
import io.penstock.core.partition.OffsetQuery;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.PartitionStatus;
import io.penstock.storage.LogSlices;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.protocol.Errors;

/**
 * Reads a coordinator's partition from start to end: big fetches, decoded on a worker, handed to the owner in small portions, so that
 * the event loop is never held up. A log without files is known to be empty and is not opened.
 *
 * <p>Owned by one {@link LiveShard}; everything but the decoding runs there. Runs once.
 */
final class CoordinatorLoader<R> {
    private static final long EARLIEST = -2;
    private static final int FETCH_BYTES = 4 << 20;
    private static final int RECORDS_PER_TURN = 1_000;
    /** Where the log ends is not known because it has not been opened. */
    static final long UNKNOWN_END = -1;

    private final PartitionId partition;
    private final ShardHost host;
    private final Executor owner;
    private final Decoder<R> decoder;
    private final Listener<R> listener;
    private long endOffset;
    private boolean isCancelled;

    /** Reads whole batches. Called on workers. */
    @FunctionalInterface
    interface Decoder<R> {
        /**
         * Adds all records of kinds that are known.
         *
         * @param batches position to limit; must not be kept
         * @throws CorruptGroupRecordException what a record says cannot be read
         * @throws KafkaException a batch is not what its checksum says, or is no batch of records
         */
        void decode(ByteBuffer batches, List<R> into);
    }

    /** Hears what the log says. */
    interface Listener<R> {
        /** The next record, or what else stands in the log. */
        void onRecord(R record);

        /**
         * All records have been told.
         *
         * @param endOffset where the log ends, {@link #UNKNOWN_END} if it was not opened
         */
        void onLoaded(long endOffset);

        /** The log cannot be read now. Records may have been told already. */
        void onFailed(Errors error, String what);
    }

    CoordinatorLoader(PartitionId partition, ShardHost host, Executor owner, Decoder<R> decoder, Listener<R> listener) {
        this.partition = partition;
        this.host = host;
        this.owner = owner;
        this.decoder = decoder;
        this.listener = listener;
    }

    /** Nothing more is told. */
    void cancel() {
        isCancelled = true;
    }

    void start() {
        host.router().status(partition, this::onFirstStatus);
    }

    private void onFirstStatus(PartitionStatus status) {
        if (isCancelled) {
            return;
        }
        if (status.error() != Errors.NONE) {
            listener.onFailed(status.error(), "its size is not known");
        } else if (status.logEndOffset() < 0 && status.sizeBytes() == 0) {
            listener.onLoaded(UNKNOWN_END);
        } else {
            open();
        }
    }

    private void open() {
        OffsetQuery start = new OffsetQuery(EARLIEST, -1, false);
        host.router().listOffset(partition, start, found -> {
            if (isCancelled) {
                return;
            }
            if (found.error() != Errors.NONE) {
                listener.onFailed(found.error(), "it cannot be opened");
            } else {
                host.router().status(partition, status -> onStatus(status, found.offset()));
            }
        });
    }

    /** Records beyond the high watermark may still vanish; they are waited for, because they may also stay. */
    private void onStatus(PartitionStatus status, long startOffset) {
        if (isCancelled) {
            return;
        }
        if (status.error() != Errors.NONE || status.logEndOffset() < 0) {
            listener.onFailed(status.error(), "its end is not known");
        } else if (status.highWatermark() < status.logEndOffset()) {
            listener.onFailed(Errors.OFFSET_NOT_AVAILABLE, "its last records are not committed");
        } else {
            endOffset = status.logEndOffset();
            fetch(startOffset);
        }
    }

    private void fetch(long offset) {
        if (isCancelled) {
            return;
        }
        if (offset >= endOffset) {
            listener.onLoaded(endOffset);
            return;
        }
        FetchRequest request = new FetchRequest(offset, -1, -1, FETCH_BYTES, true, false, 0);
        host.router().fetch(partition, request, new FetchListener() {
            @Override
            public void onWaiting(int availableBytes) {
                throw new IllegalStateException("a fetch of zero bytes does not wait");
            }

            @Override
            public void onResult(FetchResult result) {
                onFetched(result);
            }
        });
    }

    private void onFetched(FetchResult result) {
        LogSlices slices = result.records();
        if (isCancelled) {
            slices.release();
        } else if (result.error() != Errors.NONE) {
            listener.onFailed(result.error(), "it cannot be read");
        } else if (slices.nextOffset() < 0) {
            listener.onFailed(Errors.OFFSET_NOT_AVAILABLE, "it ends before its end");
        } else {
            decode(slices);
        }
    }

    private void decode(LogSlices slices) {
        long nextOffset = slices.nextOffset();
        try {
            host.workers().execute(() -> {
                List<R> records = new ArrayList<>();
                try {
                    slices.buffers().forEach(buffer -> decoder.decode(buffer, records));
                    owner.execute(() -> tell(records, 0, nextOffset));
                } catch (CorruptGroupRecordException | KafkaException e) {
                    String what = "it holds what cannot be read: " + e.getMessage();
                    owner.execute(() -> fail(Errors.CORRUPT_MESSAGE, what));
                } finally {
                    slices.release();
                }
            });
        } catch (RejectedExecutionException e) {
            slices.release();
            listener.onFailed(Errors.REQUEST_TIMED_OUT, "too much else is being done");
        }
    }

    private void fail(Errors error, String what) {
        if (!isCancelled) {
            listener.onFailed(error, what);
        }
    }

    /** Tells a portion in this turn and the rest in later ones. */
    private void tell(List<R> records, int from, long nextOffset) {
        if (isCancelled) {
            return;
        }
        int to = Math.min(records.size(), from + RECORDS_PER_TURN);
        for (int i = from; i < to; i++) {
            listener.onRecord(records.get(i));
        }
        if (to < records.size()) {
            owner.execute(() -> tell(records, to, nextOffset));
        } else {
            fetch(nextOffset);
        }
    }
}
