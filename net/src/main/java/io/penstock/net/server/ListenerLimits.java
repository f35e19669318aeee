package io.penstock.net.server;

import io.penstock.net.wire.FrameLimits;

/** All bounds of a Kafka listener. Immutable. */
public record ListenerLimits(
        FrameLimits frames,
        ConnectionLimits connections,
        PipelineLimits pipeline,
        MemoryLimits memory,
        SocketSettings sockets) {
    /**
     * Defaults of every part. Frames: 100 MiB for Produce as in Kafka, 8 MiB for every other request, 512 KiB before the first valid
     * request.
     */
    public static final ListenerLimits DEFAULTS = new ListenerLimits(
            new FrameLimits(100 << 20, 8 << 20, 512 << 10),
            ConnectionLimits.DEFAULTS,
            PipelineLimits.DEFAULTS,
            MemoryLimits.DEFAULTS,
            SocketSettings.DEFAULTS);
}
