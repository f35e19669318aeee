package io.penstock.net.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import io.penstock.net.quota.ConnectionThrottling;
import io.penstock.net.quota.RequestQuota;
import io.penstock.net.wire.FrameDecoder;
import io.penstock.net.wire.LogText;
import io.penstock.net.wire.MalformedRequestException;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
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

    private ListenerShard shard;
    private final ConnectionInfo info;
    /** Changes with the shard; volatile for those who wake us. */
    private volatile ContextInternal context;

    private final ChannelHandlerContext ctx;
    private final FrameDecoder decoder;
    private final AnswerQueue answers;
    private final FrameClock frameClock;
    private final FrameMemory frameMemory;
    private final ConnectionThrottling throttling;
    private final ChannelMute mute;
    private final Placement placement = new Placement();

    /** A frame whose request may not be dispatched yet, although there is room for others. */
    private @Nullable ByteBuf deferred;

    /** Where to go, with the request that is to be dispatched there first, once nothing is left to be done here. */
    private @Nullable Departure departure;

    private boolean isMoving;
    private boolean isDispatching;

    /** The stream of bytes cannot be followed any further. */
    private boolean isFaulty;

    private boolean isDead;
    /** Had to leave, and is counted as leaving until it has. */
    private boolean isSurplus;

    private boolean isPaused;
    private boolean isAwaitingInFlight;
    private long lastActivityNs = System.nanoTime();
    private long lastUnsentBytes;

    /**
     * @param ctx of Vert.x's handler: what is written or closed through it goes straight to the socket
     */
    KafkaConnection(ListenerShard shard, ConnectionInfo info, ChannelHandlerContext ctx) {
        this.shard = shard;
        this.info = info;
        this.ctx = ctx;
        context = shard.context();
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
        frameClock = new FrameClock(shard.limits().connections());
        frameMemory = new FrameMemory(shard.usage(), () -> wake(this::onFrameMemory));
    }

    @Override
    public void channelRead(ChannelHandlerContext unused, Object message) {
        if (isFaulty || isDead || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        answers.onReadBegin();
        lastActivityNs = System.nanoTime();
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
        if (isPaused) {
            dispatchAll();
        }
    }

    private void onMuteChanged() {
        // A throttled client is not idle.
        lastActivityNs = System.nanoTime();
        dispatchAll();
    }

    /** A connection that is about to move to another event loop. */
    private record Departure(ListenerShard target, IncomingRequest first) {}

    private void onFrameMemory() {
        frameMemory.onWoken();
    }

    /** Dispatches what has arrived as far as limits allow, then decides whether to read on. */
    private void dispatchAll() {
        if (isDispatching || isFaulty || isDead || leaveIfAtRest()) {
            // A handler answered at once: the loop further up the stack goes on by itself.
            return;
        }
        isDispatching = true;
        boolean isFrameCut = false;
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
        if (frameMemory.update(decoder.heldBytes() + (deferred == null ? 0 : deferred.readableBytes()))) {
            adjustReading(isFrameCut);
        } else {
            onFault("no memory for unfinished frames", null);
        }
    }

    private boolean canDispatch() {
        return !isDead && departure == null && !mute.isOn() && answers.hasRoom();
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
        MemoryGate inFlight = shard.usage().inFlight(apiKey);
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
        long startNs = System.nanoTime();
        IncomingRequest next = IncomingRequest.decode(shard.decoder(), frame, startNs);
        decoder.onTrusted();
        ListenerShard better = placement.isDue(next.api()) ? betterShardFor(next) : null;
        if (better == null) {
            dispatch(next);
        } else {
            departure = new Departure(better, next);
        }
    }

    /** The shard that is cheapest for such requests, if the connection can go there; null if it stays. */
    private @Nullable ListenerShard betterShardFor(IncomingRequest next) {
        if (answers.hasBulk() || !LoopChange.isPossible(ctx.channel())) {
            return null;
        }
        Thread cheapest = shard.handler(next.api())
                .cheapestLoop(next.decoded().data(), next.decoded().version());
        return shard.loops().betterThan(shard, cheapest);
    }

    /** Leaves for another event loop if that is planned and everything here is done; true while nothing may be done here. */
    private boolean leaveIfAtRest() {
        Departure planned = departure;
        if (planned != null && !isMoving && answers.isAtRest() && !answers.isClosing() && !mute.isOn()) {
            isMoving = true;
            pauseReading();
            shard.onLeft(this);
            LoopChange.begin(
                    ctx.channel(), planned.target().context().nettyEventLoop(), failure -> onMoved(planned, failure));
        }
        return isMoving;
    }

    /** On the other event loop now, unless that failed. */
    private void onMoved(Departure done, @Nullable Throwable failure) {
        if (failure != null) {
            done.first().frame().release();
            // Mostly because the client has closed it meanwhile.
            at(ctx.channel().isOpen() ? Level.WARN : Level.DEBUG)
                    .setCause(failure)
                    .log("Could not move a connection to another event loop");
            Outbound.close(ctx);
            return;
        }
        shard = done.target();
        context = shard.context();
        isMoving = false;
        departure = null;
        shard.onArrived(this);
        if (isDead) {
            done.first().frame().release();
            return;
        }
        ContextInternal previous = context.beginDispatch();
        try {
            dispatch(done.first());
        } finally {
            context.endDispatch(previous);
        }
        dispatchAll();
    }

    private void pauseReading() {
        if (!isPaused) {
            isPaused = true;
            ctx.channel().config().setAutoRead(false);
        }
    }

    private void dispatch(IncomingRequest next) {
        shard.metrics().onRequest(next.api(), next.decoded().version(), Integer.BYTES + next.frameBytes());
        RequestQuota quota = throttling.begin(info.principalName(), next.clientId(), next.receivedNs());
        KafkaRequest request = next.toRequest(info, quota);
        PendingAnswer answer =
                new PendingAnswer(answers, context.nettyEventLoop(), request, next.frame(), next.memoryBytes());
        answers.add(answer);
        try {
            shard.handler(next.api()).handle(request, answer);
        } catch (RuntimeException | Error e) {
            answer.fail(e);
        }
        quota.onDispatched();
    }

    private void adjustReading(boolean isFrameCut) {
        long nowNs = System.nanoTime();
        if (decoder.isInsideFrame()) {
            frameClock.run(isFrameCut, nowNs);
        } else {
            frameClock.stop();
        }
        boolean isReadable = mayRead();
        if (isReadable) {
            frameClock.resume(nowNs);
        } else {
            frameClock.pause(nowNs);
        }
        if (isPaused == isReadable) {
            isPaused = !isReadable;
            ctx.channel().config().setAutoRead(isReadable);
        }
    }

    private boolean mayRead() {
        if (canDispatch() && deferred == null) {
            return frameMemory.mayRead(decoder.nextGrowthBytes());
        }
        frameMemory.endOverdraft();
        return false;
    }

    /** Looks again at what can be done, on the event loop; called on any thread. */
    private void wake(Runnable first) {
        onLoop(() -> {
            first.run();
            dispatchAll();
        });
    }

    /** Runs on the connection's event loop, whichever it is by then; called on any thread. */
    void onLoop(Runnable task) {
        EventLoop loop = context.nettyEventLoop();
        try {
            loop.execute(() -> {
                if (context.nettyEventLoop() == loop) {
                    task.run();
                } else {
                    onLoop(task);
                }
            });
        } catch (RejectedExecutionException e) {
            at(Level.DEBUG).setCause(e).log("The event loop has ended");
        }
    }

    ListenerShard shard() {
        return shard;
    }

    /** What the client sent, or failed to send, costs it this connection. */
    private void onFault(String reason, @Nullable Throwable cause) {
        isFaulty = true;
        shard.metrics().onConnectionFault(info.listenerName());
        shard.faults()
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
        if (frameClock.isOverdue(decoder.unfinishedBytes(), nowNs)) {
            onFault("frame unfinished for too long", null);
            return;
        }
        if (hasSentSinceLastTick()) {
            lastActivityNs = nowNs;
        }
        long idleNs = nowNs - lastActivityNs;
        if (answers.isEmpty()
                && !mute.isOn()
                && idleNs
                        > TimeUnit.MILLISECONDS.toNanos(
                                shard.limits().connections().idleMs())) {
            at(Level.DEBUG).log("Closing an idle connection");
            Outbound.close(ctx);
        }
    }

    /** A client that takes a large answer slowly is not idle. */
    private boolean hasSentSinceLastTick() {
        ChannelOutboundBuffer unsent = ctx.channel().unsafe().outboundBuffer();
        // What is pending counts until all of it is sent, be it a gigabyte.
        long unsentBytes = unsent == null ? 0 : unsent.totalPendingWriteBytes() - unsent.currentProgress();
        boolean hasSent = unsentBytes != lastUnsentBytes;
        lastUnsentBytes = unsentBytes;
        return hasSent;
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
        return lastActivityNs;
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

    /** The channel has closed: gives everything back. */
    void onDead() {
        isDead = true;
        mute.onDead();
        decoder.close();
        frameMemory.update(0);
        if (deferred != null) {
            deferred.release();
            deferred = null;
        }
        if (departure != null && !isMoving) {
            departure.first().frame().release();
            departure = null;
        }
        answers.onDead();
    }
}
