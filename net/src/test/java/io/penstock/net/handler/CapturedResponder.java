package io.penstock.net.handler;

import io.penstock.net.server.Responder;
import io.penstock.net.wire.SlicedRecords;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.jspecify.annotations.Nullable;

/** Takes one answer and insists that there is no second. */
public final class CapturedResponder implements Responder {
    private @Nullable ApiMessage response;
    private @Nullable String closedBecause;
    private @Nullable Throwable bug;
    private boolean answered;
    private boolean nothing;
    private Runnable cleanup = () -> {};

    @Override
    public void send(ApiMessage message) {
        answer();
        response = message;
    }

    @Override
    public void sendNothing() {
        answer();
        nothing = true;
    }

    @Override
    public void close(String reason) {
        answer();
        closedBecause = reason;
    }

    @Override
    public void fail(Throwable cause) {
        answer();
        bug = cause;
    }

    @Override
    public void onAbandoned(Runnable onAbandoned) {
        cleanup = onAbandoned;
    }

    private void answer() {
        if (answered) {
            throw new IllegalStateException("answered twice");
        }
        answered = true;
    }

    public boolean isAnswered() {
        return answered;
    }

    public boolean isSilent() {
        return nothing;
    }

    public @Nullable String closedBecause() {
        return closedBecause;
    }

    public @Nullable Throwable bug() {
        return bug;
    }

    /** The connection dies. */
    public void abandon() {
        cleanup.run();
    }

    /** The answer. */
    public <T extends ApiMessage> T response(Class<T> type) {
        if (response == null) {
            throw new IllegalStateException(
                    "expected an answer, found " + (answered ? "another outcome" : "none"), bug);
        }
        return type.cast(response);
    }

    /** The answer, after a look whether it can be written in that version. */
    public <T extends ApiMessage> T response(Class<T> type, int version) {
        T message = response(type);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        int size = message.size(cache, (short) version);
        message.write(new WithoutRecords(ByteBuffer.allocate(size)), cache, (short) version);
        return message;
    }

    /** Writes everything except records, which only the real encoder can. */
    private static final class WithoutRecords extends ByteBufferAccessor {
        WithoutRecords(ByteBuffer buffer) {
            super(buffer);
        }

        @Override
        public void writeRecords(BaseRecords records) {}
    }

    /** What a connection does once the answer was written. */
    public void onWritten() {
        if (response != null) {
            SlicedRecords.releaseAll(response);
        }
    }
}
