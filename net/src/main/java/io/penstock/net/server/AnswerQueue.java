package io.penstock.net.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCounted;
import io.penstock.net.quota.ThrottleTime;
import io.penstock.net.wire.EncodedResponse;
import io.penstock.net.wire.RecordTransfer;
import io.penstock.net.wire.ResponseEncoder;
import io.penstock.net.wire.SlicedRecords;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.IntConsumer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The row of unanswered requests of one connection. Answers are encoded when they come and written when all before them are written, so
 * they leave in request order. Writes are flushed once for each turn of the event loop.
 *
 * <p>Owned by the connection's event loop.
 */
final class AnswerQueue {
    private static final Logger LOGGER = LoggerFactory.getLogger(AnswerQueue.class);

    private final ChannelHandlerContext ctx;
    private final QuickAck quickAck;
    private final RecordTransfer transfer;
    private final PipelineLimits limits;
    private final FrontendMetrics metrics;
    private final FrontendUsage usage;
    private final RateLimitedLog failures;

    /** Told whenever there may be room again. */
    private final Runnable onRoom;

    /** Told, just before an answer leaves, for how many milliseconds its client is throttled. */
    private final IntConsumer onThrottled;

    private final ArrayDeque<PendingAnswer> pending = new ArrayDeque<>(4);
    private long requestBytes;
    private long waitingResponseBytes;
    private int bulkCount;
    /** Unanswered requests that may take long. A produce does not: its answer carries the acknowledgement of its bytes. */
    private int slowCount;

    /** Whether this client has ever sent something behind an unanswered request that may take long. Most have one fetch waiting, alone. */
    private boolean hasPipelined;

    private boolean isReading;
    private boolean isFlushDue;
    private boolean isFlushScheduled;
    private boolean isClosing;
    private boolean isLastWritten;
    private boolean isDead;

    AnswerQueue(
            ChannelHandlerContext ctx,
            RecordTransfer transfer,
            PipelineLimits limits,
            FrontendMetrics metrics,
            FrontendUsage usage,
            RateLimitedLog failures,
            Runnable onRoom,
            IntConsumer onThrottled) {
        this.ctx = ctx;
        quickAck = new QuickAck(ctx.channel());
        this.transfer = transfer;
        this.limits = limits;
        this.metrics = metrics;
        this.usage = usage;
        this.failures = failures;
        this.onRoom = onRoom;
        this.onThrottled = onThrottled;
    }

    /** Whether one more request may be dispatched. */
    boolean hasRoom() {
        return !isClosing
                && pending.size() < limits.maxRequests()
                && requestBytes < limits.maxRequestBytes()
                && waitingResponseBytes < limits.maxResponseBytes()
                && ctx.channel().isWritable();
    }

    /**
     * Whether a request of this API may be dispatched now. Answers in bulk are large, so a connection gets the next one only when the one
     * before was taken by its socket.
     */
    boolean admits(short apiKey) {
        return !isBulk(apiKey) || bulkCount == 0;
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    /** Whether a fetch is unanswered, which may be so for as long as its client likes, or not taken by the socket yet. */
    boolean hasBulk() {
        return bulkCount > 0;
    }

    /** Whether nothing is left to be done for what came so far. */
    boolean isAtRest() {
        return pending.isEmpty() && bulkCount == 0 && !isFlushDue && !isFlushScheduled;
    }

    /** Whether the connection is going to be closed once what was answered is written. */
    boolean isClosing() {
        return isClosing;
    }

    /** Takes the next place in the row, or none if the connection has died. */
    void add(PendingAnswer answer) {
        if (isDead) {
            answer.toAbandoned();
        } else {
            pending.add(answer);
        }
        requestBytes += answer.memoryBytes();
        inFlight(answer).add(answer.memoryBytes());
        if (isBulk(answer.request().api().id)) {
            bulkCount++;
        }
        hasPipelined |= slowCount > 0;
        slowCount += isSlow(answer) ? 1 : 0;
    }

    /** The socket is being read: whatever is answered meanwhile is flushed by {@link #onReadComplete}. */
    void onReadBegin() {
        isReading = true;
    }

    /**
     * All that had arrived was read. An acknowledgement at once is a packet of its own, which would cost a waiting fetch a few
     * microseconds of processor time for nothing; so a client gets them once it has been seen to send more meanwhile.
     *
     * @param isInsideFrame whether the last frame is not complete
     */
    void onReadComplete(boolean isInsideFrame) {
        isReading = false;
        flushIfDue();
        if (isInsideFrame || (hasPipelined && slowCount > 0)) {
            quickAck.turnOn();
        }
    }

    void onResponse(PendingAnswer answer, ApiMessage response) {
        KafkaRequest request = answer.request();
        int throttleMs = throttleMs(request);
        if (answer.isAbandoned()) {
            SlicedRecords.releaseAll(response);
            complete(answer, null);
            return;
        }
        try {
            EncodedResponse encoded = encode(request, response, throttleMs);
            onThrottled.accept(throttleMs);
            complete(answer, encoded);
        } catch (RuntimeException e) {
            atError(request).setCause(e).log("A handler's answer cannot be encoded");
            onFailure(answer);
        }
    }

    void onNothing(PendingAnswer answer) {
        KafkaRequest request = answer.request();
        int throttleMs = request.quota().onNoAnswer(request.frameBytes());
        onThrottled.accept(throttleMs);
        complete(answer, null);
        quickAck.turnOn();
    }

    void onClose(PendingAnswer answer, String reason) {
        releaseMemory(answer);
        answer.toClosing(reason);
        isClosing = true;
        writeReady();
    }

    void onFailure(PendingAnswer answer) {
        KafkaRequest request = answer.request();
        metrics.onHandlerFailure(request.api());
        int throttleMs = throttleMs(request);
        EncodedResponse encoded = null;
        try {
            ApiMessage response = ErrorAnswers.unknownServerError(request);
            encoded = response == null ? null : encode(request, response, throttleMs);
        } catch (RuntimeException e) {
            atError(request).setCause(e).log("No error answer can be made for a request");
        }
        if (encoded == null) {
            onClose(answer, "request failed and has no error answer");
        } else {
            onThrottled.accept(throttleMs);
            complete(answer, encoded);
        }
    }

    /** Called on any thread, after the event loop has ended and nothing else can run on it: gives the request's memory back. */
    void onLoopEnded(PendingAnswer answer) {
        inFlight(answer).add(-answer.memoryBytes());
        answer.toComplete(null);
    }

    /** No further requests will come; the connection closes when those in the row are answered and written. */
    void closeWhenDone() {
        isClosing = true;
        writeReady();
    }

    /** The connection has died: drops what was not sent, tells the handlers that still work. */
    void onDead() {
        isDead = true;
        isClosing = true;
        PendingAnswer answer;
        while ((answer = pending.poll()) != null) {
            answer.toAbandoned();
        }
    }

    private void complete(PendingAnswer answer, @Nullable EncodedResponse encoded) {
        releaseMemory(answer);
        if (encoded != null && answer.isAbandoned()) {
            encoded.release();
            encoded = null;
        }
        answer.toComplete(encoded);
        waitingResponseBytes += encoded == null ? 0 : encoded.bytes();
        writeReady();
    }

    private void releaseMemory(PendingAnswer answer) {
        requestBytes -= answer.memoryBytes();
        slowCount -= isSlow(answer) ? 1 : 0;
        inFlight(answer).add(-answer.memoryBytes());
    }

    private MemoryGate inFlight(PendingAnswer answer) {
        return usage.inFlight(answer.request().api().id);
    }

    /** A client whose connection has died pays for its request all the same. */
    private static int throttleMs(KafkaRequest request) {
        return request.quota().onAnswer(request.api(), request.frameBytes());
    }

    private EncodedResponse encode(KafkaRequest request, ApiMessage response, int throttleMs) {
        if (throttleMs > 0) {
            ThrottleTime.set(response, throttleMs);
        }
        long beganNs = request.quota().timeNs();
        EncodedResponse encoded = ResponseEncoder.encode(
                ctx.alloc(), transfer, request.api(), request.version(), request.correlationId(), response);
        request.quota().onEncoded(beganNs);
        return encoded;
    }

    private void writeReady() {
        if (isDead || isLastWritten) {
            return;
        }
        PendingAnswer head;
        while ((head = pending.peek()) != null && head.isComplete()) {
            pending.remove();
            if (head.closeReason() != null) {
                LOGGER.atInfo()
                        .addKeyValue("reason", head.closeReason())
                        .addKeyValue("connectionId", head.request().connection().id())
                        .log("Closing a connection in place of an answer");
                closeAfterWrites();
                return;
            }
            write(head);
        }
        if (isClosing && pending.isEmpty()) {
            closeAfterWrites();
        } else {
            onRoom.run();
        }
    }

    private void write(PendingAnswer answer) {
        KafkaRequest request = answer.request();
        EncodedResponse encoded = answer.encoded();
        int bytes = encoded == null ? 0 : encoded.bytes();
        boolean isBulk = isBulk(request.api().id);
        if (encoded != null) {
            waitingResponseBytes -= bytes;
            writeParts(request, encoded, isBulk);
        } else if (isBulk) {
            bulkCount--;
        }
        metrics.onAnswer(request.api(), request.version(), bytes, System.nanoTime() - request.receivedNs());
    }

    private void writeParts(KafkaRequest request, EncodedResponse encoded, boolean isBulk) {
        List<ReferenceCounted> parts = encoded.parts();
        int last = parts.size() - 1;
        for (int i = 0; i < last; i++) {
            Outbound.write(ctx, parts.get(i));
        }
        if (isBulk || encoded.sharesLogMemory()) {
            Outbound.write(ctx, parts.get(last), written -> onTaken(request, encoded, isBulk, written.cause()));
        } else {
            Outbound.write(ctx, parts.get(last));
        }
        scheduleFlush();
    }

    /** The socket took the answer, or never will. */
    private void onTaken(KafkaRequest request, EncodedResponse encoded, boolean isBulk, @Nullable Throwable failure) {
        if (failure != null) {
            reportIfCutOff(request, encoded, failure);
        }
        encoded.onWritten();
        bulkCount -= isBulk ? 1 : 0;
        if (failure != null) {
            Outbound.close(ctx);
        } else if (!isDead) {
            onRoom.run();
        }
    }

    /** Most writes fail because the client has gone. This one may have failed because the log has. */
    private void reportIfCutOff(KafkaRequest request, EncodedResponse encoded, Throwable failure) {
        try {
            if (!encoded.isWhole()) {
                atError(request)
                        .setCause(failure)
                        .log("Closing a connection: a file of the log is shorter than the records to be sent from it");
            }
        } catch (IOException e) {
            atError(request).setCause(e).log("Closing a connection: a file of the log cannot be sent");
        }
    }

    private void scheduleFlush() {
        isFlushDue = true;
        if (!isReading && !isFlushScheduled) {
            isFlushScheduled = true;
            ctx.executor().execute(() -> {
                isFlushScheduled = false;
                flushIfDue();
            });
        }
    }

    private void flushIfDue() {
        if (isFlushDue) {
            isFlushDue = false;
            ctx.flush();
            quickAck.onSent();
            if (pending.isEmpty()) {
                onRoom.run();
            }
        }
    }

    private void closeAfterWrites() {
        isLastWritten = true;
        isFlushDue = false;
        Outbound.closeAfterWrites(ctx);
    }

    /** Begins a log line about a bug, which clients may be able to cause at will. Safe from any thread. */
    LoggingEventBuilder atError(KafkaRequest request) {
        return failures.atError()
                .addKeyValue("apiKey", request.api())
                .addKeyValue("apiVersion", request.version())
                .addKeyValue("connectionId", request.connection().id());
    }

    private static boolean isSlow(PendingAnswer answer) {
        return answer.request().api() != ApiKeys.PRODUCE;
    }

    private static boolean isBulk(short apiKey) {
        return apiKey == ApiKeys.FETCH.id || apiKey == ApiKeys.SHARE_FETCH.id;
    }
}
