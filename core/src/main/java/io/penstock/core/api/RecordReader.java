package io.penstock.core.api;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one partition in order, without a socket, and waits for more at its end. Records of transactions come when they are committed;
 * aborted ones never do.
 *
 * <p>Belongs to the Vert.x context on which it was made: it must be used there, and calls back there. Begins to read when it has a
 * handler. However long it is paused, it keeps its place: only retention and DeleteRecords can take records away that it has not
 * read yet, and then it says so, {@code OFFSET_OUT_OF_RANGE}, and ends.
 */
public interface RecordReader extends ReadStream<StoredRecord> {

    /** Offset at which the next record will be looked for; what to give to {@link ReadFrom#offset} to go on from here. */
    long position();

    /** Ends: no handler is called any more, also not the end handler. */
    Future<Void> close();

    @Override
    RecordReader handler(@Nullable Handler<StoredRecord> handler);

    /** Hears why the reader cannot go on, a {@link RecordException}; the end follows. */
    @Override
    RecordReader exceptionHandler(@Nullable Handler<Throwable> handler);

    @Override
    RecordReader endHandler(@Nullable Handler<Void> handler);

    @Override
    RecordReader pause();

    @Override
    RecordReader resume();

    @Override
    RecordReader fetch(long amount);
}
