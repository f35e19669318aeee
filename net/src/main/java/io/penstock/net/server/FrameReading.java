package io.penstock.net.server;

import io.netty.channel.ChannelConfig;
import io.penstock.net.wire.FrameDecoder;
import java.util.function.Consumer;

/**
 * Whether one connection's socket is read: while its requests can be dispatched, and its unfinished frame has memory. Owned by the
 * connection's event loop.
 */
final class FrameReading {
    private final ChannelConfig config;
    private final FrameDecoder decoder;
    private final FrameClock clock;
    private final FrameMemory memory;
    private boolean isPaused;

    /** @param wake runs its task on the connection's event loop and then has it look again at what can be done; called on any thread */
    FrameReading(
            ChannelConfig config,
            FrameDecoder decoder,
            ConnectionLimits limits,
            FrontendUsage usage,
            Consumer<Runnable> wake) {
        this.config = config;
        this.decoder = decoder;
        clock = new FrameClock(limits);
        memory = new FrameMemory(usage, () -> wake.accept(this::onMemory));
    }

    private void onMemory() {
        memory.onWoken();
    }

    boolean isPaused() {
        return isPaused;
    }

    /** Reads no more for now. */
    void pause() {
        if (!isPaused) {
            isPaused = true;
            config.setAutoRead(false);
        }
    }

    /** Counts the bytes that wait in the decoder and beside it; false if that is a new frame for which there is no memory at all. */
    boolean hold(int deferredBytes) {
        return memory.update(decoder.heldBytes() + deferredBytes);
    }

    /**
     * Reads on or stops reading.
     *
     * @param hasUse whether what comes could be dispatched
     * @param isFrameCut whether a frame was taken from the decoder since the last time, so that one inside it now is another
     */
    void adjust(boolean hasUse, boolean isFrameCut) {
        long nowNs = System.nanoTime();
        if (decoder.isInsideFrame()) {
            clock.run(isFrameCut, nowNs);
        } else {
            clock.stop();
        }
        boolean isReadable = mayRead(hasUse);
        if (isReadable) {
            clock.resume(nowNs);
        } else {
            clock.pause(nowNs);
        }
        if (isPaused == isReadable) {
            isPaused = !isReadable;
            config.setAutoRead(isReadable);
        }
    }

    private boolean mayRead(boolean hasUse) {
        if (hasUse) {
            return memory.mayRead(decoder.nextGrowthBytes());
        }
        memory.endOverdraft();
        return false;
    }

    /** Whether the frame that is arriving has used up its time. */
    boolean isOverdue(long nowNs) {
        return clock.isOverdue(decoder.unfinishedBytes(), nowNs);
    }

    /** The connection has died: gives the memory back. */
    void onDead() {
        memory.update(0);
    }
}
