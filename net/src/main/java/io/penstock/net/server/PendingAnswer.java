package io.penstock.net.server;

import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCounted;
import io.penstock.net.wire.EncodedResponse;
import io.penstock.net.wire.SlicedRecords;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The place of one request in its connection's row of answers, and the responder that its handler got.
 *
 * <p>The responder's methods are safe from any thread: the first answer wins an atomic flag and hops to the connection's event loop.
 * Everything else is owned by that loop.
 */
final class PendingAnswer implements Responder {
    private static final Logger LOGGER = LoggerFactory.getLogger(PendingAnswer.class);

    private final AnswerQueue queue;
    private final EventLoop loop;
    private final KafkaRequest request;
    private final ReferenceCounted frame;
    private final long memoryBytes;
    private final AtomicBoolean isAnswered = new AtomicBoolean();

    private boolean isComplete;
    private boolean isAbandoned;
    private @Nullable EncodedResponse encoded;
    private @Nullable String closeReason;
    private @Nullable Runnable onAbandoned;

    /**
     * @param frame holds one reference for as long as the request is unanswered
     * @param memoryBytes what the request holds, for the limits on requests in flight
     */
    PendingAnswer(AnswerQueue queue, EventLoop loop, KafkaRequest request, ReferenceCounted frame, long memoryBytes) {
        this.queue = queue;
        this.loop = loop;
        this.request = request;
        this.frame = frame;
        this.memoryBytes = memoryBytes;
    }

    KafkaRequest request() {
        return request;
    }

    long memoryBytes() {
        return memoryBytes;
    }

    boolean isComplete() {
        return isComplete;
    }

    boolean isAbandoned() {
        return isAbandoned;
    }

    /** The answer's bytes; null if none are to be sent. */
    @Nullable
    EncodedResponse encoded() {
        return encoded;
    }

    /** Why the connection is to be closed in place of an answer; null if it is not. */
    @Nullable
    String closeReason() {
        return closeReason;
    }

    @Override
    public void send(ApiMessage response) {
        if (isFirst("send")) {
            onLoop(() -> queue.onResponse(this, response), () -> {
                SlicedRecords.releaseAll(response);
                queue.onLoopEnded(this);
            });
        } else {
            SlicedRecords.releaseAll(response);
        }
    }

    @Override
    public void sendNothing() {
        if (isFirst("sendNothing")) {
            onLoop(() -> queue.onNothing(this), () -> queue.onLoopEnded(this));
        }
    }

    @Override
    public void close(String reason) {
        if (isFirst("close")) {
            onLoop(() -> queue.onClose(this, reason), () -> queue.onLoopEnded(this));
        }
    }

    @Override
    public void fail(Throwable bug) {
        queue.atError(request).setCause(bug).log("A request handler failed");
        if (isFirst("fail")) {
            onLoop(() -> queue.onFailure(this), () -> queue.onLoopEnded(this));
        }
    }

    @Override
    public void onAbandoned(Runnable cleanup) {
        onLoop(() -> keepOrRun(cleanup), cleanup);
    }

    /** The request is answered with {@code response}, or with nothing if null. Gives its memory back. */
    void toComplete(@Nullable EncodedResponse response) {
        isComplete = true;
        encoded = response;
        onAbandoned = null;
        frame.release();
    }

    /** The request is answered by closing the connection. Gives its memory back. */
    void toClosing(String reason) {
        closeReason = reason;
        toComplete(null);
    }

    /**
     * The connection has died. A complete answer is dropped. Otherwise the handler is told, and the request's memory stays until it
     * answers: another thread may be reading it.
     */
    void toAbandoned() {
        isAbandoned = true;
        EncodedResponse unsent = encoded;
        if (unsent != null) {
            encoded = null;
            unsent.release();
        }
        Runnable cleanup = onAbandoned;
        if (cleanup != null) {
            onAbandoned = null;
            runCleanup(cleanup);
        }
    }

    private void keepOrRun(Runnable cleanup) {
        if (isComplete) {
            return;
        }
        if (isAbandoned) {
            runCleanup(cleanup);
        } else {
            onAbandoned = cleanup;
        }
    }

    /** A failing cleanup must not keep the rest of the connection from being released. */
    private void runCleanup(Runnable cleanup) {
        try {
            cleanup.run();
        } catch (RuntimeException e) {
            queue.atError(request).setCause(e).log("The cleanup of an abandoned request failed");
        }
    }

    private boolean isFirst(String method) {
        if (isAnswered.compareAndSet(false, true)) {
            return true;
        }
        queue.atError(request).addKeyValue("method", method).log("Ignored a second answer to one request");
        return false;
    }

    /** Runs {@code task} on the connection's loop, or {@code otherwise} on this thread once that loop has ended. */
    private void onLoop(Runnable task, Runnable otherwise) {
        if (loop.inEventLoop()) {
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            at(Level.DEBUG).setCause(e).log("The event loop has ended before the answer came");
            otherwise.run();
        }
    }

    /** Begins a log line that says which request it is about. */
    private LoggingEventBuilder at(Level level) {
        return LOGGER.atLevel(level)
                .addKeyValue("apiKey", request.api())
                .addKeyValue("apiVersion", request.version())
                .addKeyValue("connectionId", request.connection().id());
    }
}
