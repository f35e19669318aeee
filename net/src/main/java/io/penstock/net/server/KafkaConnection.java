package io.penstock.net.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.penstock.net.quota.ConnectionThrottling;
import io.penstock.net.quota.RequestQuota;
import io.penstock.net.wire.FrameDecoder;
import io.penstock.net.wire.LogText;
import io.penstock.net.wire.MalformedRequestException;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One client connection: reads frames, dispatches their requests in arrival order, and decides when to stop and to go on reading.
 *
 * <p>Owned by its event loop. It reads while requests can be dispatched at once and memory allows; otherwise undecoded bytes stay in
 * the frame decoder and the socket's buffers fill, which is what slows the client down. A failure costs this connection only.
 */
final class KafkaConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaConnection.class);

    private final ConnectionInfo info;
    private final ChannelHandlerContext ctx;
    private final ConnectionLoop loop;
    private final FrameDecoder decoder;
    private final AnswerQueue answers;
    private final FrameReading reading;
    private final ConnectionThrottling throttling;
    private final ChannelMute mute;
    private final ConnectionActivity activity;

    /** A frame whose request may not be dispatched yet, although there is room for others. */
    private @Nullable ByteBuf deferred;

    private boolean isDispatching;

    /** The stream of bytes cannot be followed any further. */
    private boolean isFaulty;

    private boolean isDead;

    /** What had arrived when the connection died and wants no answer is still to be done. */
    private boolean hasLastWords;

    /** Had to leave, and is counted as leaving until it has. */
    private boolean isSurplus;

    private boolean isAwaitingInFlight;

    /**
     * @param ctx of Vert.x's handler: what is written or closed through it goes straight to the socket
     */
    KafkaConnection(ListenerShard shard, ConnectionInfo info, ChannelHandlerContext ctx) {
        this.info = info;
        this.ctx = ctx;
        loop = new ConnectionLoop(shard, ctx.channel());
        activity = new ConnectionActivity(ctx.channel());
        MemoryGate unfinished = shard.usage().unfinished();
        decoder = new FrameDecoder(shard.limits().frames(), ctx.alloc(), unfinished::hasRoomToSpare);
        throttling = new ConnectionThrottling(shard.throttling());
        mute = new ChannelMute(ctx::executor, this::onMuteChanged);
        answers = new AnswerQueue(
                ctx,
                TransferChoice.of(ctx),
                shard.limits().pipeline(),
                shard.metrics(),
                shard.usage(),
                shard.failures(),
                this::onRoom,
                mute::throttle);
        reading = new FrameReading(
                ctx.channel().config(), decoder, shard.limits().connections(), shard.usage(), this::wake);
    }

    @Override
    public void channelRead(ChannelHandlerContext unused, Object message) {
        if (isFaulty || isDead || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        answers.onReadBegin();
        activity.touch();
        decoder.feed(bytes);
        dispatchAll();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext unused) {
        answers.onReadComplete(decoder.isInsideFrame());
    }

    /** Vert.x's handler need not know: nothing is written through it, and it may belong to another event loop by now. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext own) {
        onRoom();
    }

    /** When it closes is for the listener to say, which asks us; Vert.x would close it where the connection is no longer. */
    @Override
    public void userEventTriggered(ChannelHandlerContext own, Object event) {
        ReferenceCountUtil.release(event);
    }

    /** Vert.x's handler is told where it belongs: what it has to clear away is bound to the event loop that accepted the connection. */
    @Override
    public void channelInactive(ChannelHandlerContext own) {
        loop.runAtBirthplace(() -> {
            try {
                ((ChannelInboundHandler) ctx.handler()).channelInactive(ctx);
            } catch (Exception e) {
                at(Level.ERROR).setCause(e).log("Vert.x could not clear away a connection");
            }
        });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext unused, Throwable cause) {
        if (cause instanceof IOException) {
            at(Level.DEBUG).setCause(cause).log("Lost a connection");
        } else {
            at(Level.ERROR).setCause(cause).log("A connection failed");
        }
        Outbound.close(ctx);
    }

    private void onRoom() {
        if (reading.isPaused()) {
            dispatchAll();
        }
    }

    private void onMuteChanged() {
        // A throttled client is not idle.
        activity.touch();
        dispatchAll();
    }

    /** Dispatches what has arrived as far as limits allow, then decides whether to read on. */
    private void dispatchAll() {
        if (isDispatching || isFaulty || isDead || leaveIfAtRest()) {
            // A handler answered at once: the loop further up the stack goes on by itself.
            return;
        }
        isDispatching = true;
        boolean isFrameCut = false;
        ContextInternal context = loop.context();
        ContextInternal previous = context.beginDispatch();
        try {
            while (canDispatch() && dispatchNext()) {
                isFrameCut = true;
            }
        } catch (MalformedRequestException e) {
            onFault(String.valueOf(e.getMessage()), e.getCause());
        } finally {
            context.endDispatch(previous);
            isDispatching = false;
        }
        if (isFaulty || isDead || leaveIfAtRest()) {
            return;
        }
        if (reading.hold(deferred == null ? 0 : deferred.readableBytes())) {
            reading.adjust(canDispatch() && deferred == null, isFrameCut);
        } else {
            onFault("no memory for unfinished frames", null);
        }
    }

    private boolean canDispatch() {
        return !isDead && !loop.isMovePlanned() && !mute.isOn() && answers.hasRoom();
    }

    /** Dispatches one request; false if there is none or it has to wait. */
    private boolean dispatchNext() {
        ByteBuf frame = deferred == null ? decoder.next() : deferred;
        deferred = null;
        if (frame == null) {
            return false;
        }
        if (!admits(frame)) {
            deferred = frame;
            return false;
        }
        dispatch(frame);
        return true;
    }

    /** Looks at the API key before anything is decoded, so that what waits takes no heap. */
    private boolean admits(ByteBuf frame) {
        if (frame.readableBytes() < Short.BYTES) {
            // Not a request; the decoder says so.
            return true;
        }
        short apiKey = frame.getShort(frame.readerIndex());
        MemoryGate inFlight = shard().usage().inFlight(apiKey);
        if (inFlight.isOpen()) {
            return answers.admits(apiKey);
        }
        if (!isAwaitingInFlight) {
            isAwaitingInFlight = true;
            inFlight.awaitOpen(() -> wake(() -> isAwaitingInFlight = false));
        }
        return false;
    }

    private void dispatch(ByteBuf frame) {
        IncomingRequest next = decode(frame);
        boolean isToMove = loop.isMoveDue(next.api()) && !answers.hasBulk() && loop.planMove(next);
        if (!isToMove) {
            dispatch(next);
        }
    }

    private IncomingRequest decode(ByteBuf frame) {
        IncomingRequest next = IncomingRequest.decode(shard().decoder(), frame, System.nanoTime());
        decoder.onTrusted();
        return next;
    }

    /** Leaves for another event loop if that is planned and everything here is done; true while nothing may be done here. */
    private boolean leaveIfAtRest() {
        if (loop.isMovePlanned() && !loop.isMoving() && answers.isAtRest() && !answers.isClosing() && !mute.isOn()) {
            reading.pause();
            shard().onLeft(this);
            loop.move(this::onMoved);
        }
        return loop.isMoving();
    }

    /** On the other event loop now, unless that failed. */
    private void onMoved(@Nullable Throwable failure) {
        if (isDead) {
            sayLastWords();
        } else if (failure != null) {
            // Mostly because the client has closed it meanwhile.
            at(ctx.channel().isOpen() ? Level.WARN : Level.DEBUG)
                    .setCause(failure)
                    .log("Could not move a connection to another event loop");
            Outbound.close(ctx);
        } else {
            shard().onArrived(this);
            inContext(() -> dispatchKept(loop.takeKept()));
            dispatchAll();
        }
    }

    private void dispatchKept(@Nullable IncomingRequest kept) {
        if (kept != null) {
            dispatch(kept);
        }
    }

    private void inContext(Runnable task) {
        ContextInternal context = loop.context();
        ContextInternal previous = context.beginDispatch();
        try {
            task.run();
        } finally {
            context.endDispatch(previous);
        }
    }

    private void dispatch(IncomingRequest next) {
        ListenerShard shard = shard();
        shard.metrics().onRequest(next.api(), next.decoded().version(), Integer.BYTES + next.frameBytes());
        RequestQuota quota = throttling.begin(info.principalName(), next.clientId(), next.receivedNs());
        KafkaRequest request = next.toRequest(info, quota);
        PendingAnswer answer =
                new PendingAnswer(answers, loop.context().nettyEventLoop(), request, next.frame(), next.memoryBytes());
        answers.add(answer);
        try {
            shard.handler(next.api()).handle(request, answer);
        } catch (RuntimeException | Error e) {
            answer.fail(e);
        }
        quota.onDispatched();
    }

    /** Looks again at what can be done, on the event loop; called on any thread. */
    private void wake(Runnable first) {
        onLoop(() -> {
            first.run();
            if (isDead) {
                sayLastWords();
            } else {
                dispatchAll();
            }
        });
    }

    /** Runs on the connection's event loop, whichever it is by then; called on any thread. */
    void onLoop(Runnable task) {
        loop.run(task);
    }

    ListenerShard shard() {
        return loop.shard();
    }

    /** What the client sent, or failed to send, costs it this connection. */
    private void onFault(String reason, @Nullable Throwable cause) {
        isFaulty = true;
        shard().metrics().onConnectionFault(info.listenerName());
        shard().faults()
                .atWarn()
                .addKeyValue("reason", reason)
                .addKeyValue("cause", cause == null ? "" : LogText.clean(cause.toString()))
                .addKeyValue("connectionId", info.id())
                .addKeyValue("remote", info.remoteAddress())
                .log("Closing a connection for what its client did");
        // What was answered before that is owed to the client.
        ctx.flush();
        Outbound.close(ctx);
    }

    /** Called about once a second: closes a connection that is idle or whose frame takes too long. */
    void onTick(long nowNs) {
        if (isFaulty) {
            return;
        }
        if (reading.isOverdue(nowNs)) {
            onFault("frame unfinished for too long", null);
            return;
        }
        long idleNs = activity.idleNs(nowNs);
        long maxIdleMs = shard().limits().connections().idleMs();
        if (answers.isEmpty() && !mute.isOn() && idleNs > TimeUnit.MILLISECONDS.toNanos(maxIdleMs)) {
            at(Level.DEBUG).log("Closing an idle connection");
            Outbound.close(ctx);
        }
    }

    private LoggingEventBuilder at(Level level) {
        return LOGGER.atLevel(level).addKeyValue("connectionId", info.id());
    }

    /** Takes no further requests, sends the answers in flight, then closes. */
    void drain() {
        answers.closeWhenDone();
        if (!isDead) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    /** When it last received or sent anything, or was throttled. */
    long lastActivityNs() {
        return activity.lastNs();
    }

    /** Where the socket should put what it reads next. */
    FrameReadAllocator readAllocator() {
        return new FrameReadAllocator(decoder);
    }

    /** Closes at once; answers in flight are lost. */
    void close() {
        Outbound.close(ctx);
    }

    /** Closes because there are more connections than there may be. */
    void closeAsSurplus() {
        isSurplus = true;
        close();
    }

    boolean isSurplus() {
        return isSurplus;
    }

    ConnectionInfo info() {
        return info;
    }

    /** The channel has closed: does what is left to be done, and gives everything back. */
    void onDead() {
        hasLastWords = !isFaulty && !answers.isClosing();
        isDead = true;
        mute.onDead();
        answers.onDead();
        sayLastWords();
    }

    /**
     * Does what the client had sent in full before the connection died, up to the first request that wants an answer. A producer with
     * {@code acks=0} may close as soon as its last byte is sent; its records count, as they do for Kafka.
     */
    private void sayLastWords() {
        if (loop.isUnderWay()) {
            return;
        }
        if (hasLastWords) {
            inContext(this::dispatchLastWords);
        }
        if (!hasLastWords) {
            giveBack();
        }
    }

    /** Has no last words any more afterwards, unless the next has to wait for memory. */
    private void dispatchLastWords() {
        try {
            hasLastWords = dispatchIfUnanswered(loop.takeKept());
            while (hasLastWords) {
                ByteBuf frame = deferred == null ? decoder.next() : deferred;
                deferred = null;
                if (frame == null) {
                    hasLastWords = false;
                } else if (admits(frame)) {
                    hasLastWords = dispatchIfUnanswered(decode(frame));
                } else {
                    deferred = frame;
                    return;
                }
            }
        } catch (MalformedRequestException e) {
            hasLastWords = false;
            at(Level.DEBUG).setCause(e).log("A connection died in the midst of what is no request");
        }
    }

    /** False for a request that wants an answer: it is dropped, since nobody waits for that any more. */
    private boolean dispatchIfUnanswered(@Nullable IncomingRequest next) {
        if (next != null && next.wantsAnswer()) {
            next.frame().release();
            return false;
        }
        dispatchKept(next);
        return true;
    }

    private void giveBack() {
        IncomingRequest kept = loop.takeKept();
        if (kept != null) {
            kept.frame().release();
        }
        if (deferred != null) {
            deferred.release();
            deferred = null;
        }
        decoder.close();
        reading.onDead();
    }
}
