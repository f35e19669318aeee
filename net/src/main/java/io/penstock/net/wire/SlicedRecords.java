package io.penstock.net.wire;

import io.penstock.storage.FileSlice;
import io.penstock.storage.LogSlices;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;
import org.jspecify.annotations.Nullable;

/**
 * Log memory as the records of a fetch answer: {@code partitionData.setRecords(new SlicedRecords(slices))}. The encoder puts the
 * slices on the wire without copying them.
 *
 * <p>Takes over the caller's reference to the slices. Once the message was given to a responder the connection releases it,
 * exactly once: after the write completed or failed, or when the connection died. Whoever drops the message before that calls
 * {@link #releaseAll}. Safe from any thread.
 */
public final class SlicedRecords implements BaseRecords {
    private final LogSlices slices;
    private final AtomicBoolean released = new AtomicBoolean();

    public SlicedRecords(LogSlices slices) {
        this.slices = slices;
    }

    @Override
    public int sizeInBytes() {
        return slices.sizeBytes();
    }

    /** The slices in offset order. They must not be touched after {@link #release}. */
    public List<ByteBuffer> buffers() {
        return slices.buffers();
    }

    /** Where the slices lie in files; empty if they are to be sent from memory. Not to be used after {@link #release}. */
    List<FileSlice> fileSlices() {
        return slices.fileSlices();
    }

    /** Gives the reference to the log memory back; later calls do nothing. */
    public void release() {
        if (released.compareAndSet(false, true)) {
            slices.release();
        }
    }

    /** Not used: answers are written by {@link ResponseEncoder}, never through kafka-clients' network classes. */
    @Override
    public RecordsSend<? extends BaseRecords> toSend() {
        throw new UnsupportedOperationException("SlicedRecords are written by ResponseEncoder only");
    }

    /** Releases every SlicedRecords inside {@code message}; for a message that will not be sent. Other messages: does nothing. */
    public static void releaseAll(ApiMessage message) {
        if (message instanceof FetchResponseData fetch) {
            fetch.responses().forEach(topic -> topic.partitions().forEach(partition -> release(partition.records())));
        } else if (message instanceof ShareFetchResponseData fetch) {
            fetch.responses().forEach(topic -> topic.partitions().forEach(partition -> release(partition.records())));
        }
    }

    private static void release(@Nullable BaseRecords records) {
        if (records instanceof SlicedRecords sliced) {
            sliced.release();
        }
    }
}
