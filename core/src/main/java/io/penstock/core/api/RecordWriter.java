package io.penstock.core.api;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.streams.WriteStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes records to one partition, without a socket, in order: what is handed over in one turn of the event loop is appended as one batch,
 * and what is handed over while several batches wait for the partition as one batch after them. A batch ends at 64 KiB.
 *
 * <p>Belongs to the Vert.x context on which it was made: it must be used there, and calls back there. A record is acknowledged when
 * it is in the log as safely as the topic asks for. There is no network that could lose an answer, so nothing is ever written
 * twice.
 *
 * <p>At most {@link #setWriteQueueMaxSize} records should be on their way; more are taken all the same, as with every {@link WriteStream}.
 */
public interface RecordWriter extends WriteStream<NewRecord> {

    /**
     * Writes a record.
     *
     * @return its offset; fails with {@link RecordException}, and then the record is not in the log unless the error is one of those
     *     that come after the append. Records that were handed over later may still be written
     */
    Future<Long> send(NewRecord record);

    @Override
    default Future<Void> write(NewRecord record) {
        return send(record).mapEmpty();
    }

    /** Completes when everything that was handed over is acknowledged or refused; nothing is taken afterwards. */
    @Override
    Future<Void> end();

    /** Hears of every record that is refused. */
    @Override
    RecordWriter exceptionHandler(@Nullable Handler<Throwable> handler);

    /** Default 10,000 records. */
    @Override
    RecordWriter setWriteQueueMaxSize(int maxRecords);

    @Override
    RecordWriter drainHandler(@Nullable Handler<Void> handler);
}
