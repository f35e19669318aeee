package io.penstock.net.server;

import io.penstock.net.wire.FrameLimits;

/** The default limits of a listener with one part replaced. */
final class Limits {
    private static final ListenerLimits DEFAULTS = ListenerLimits.DEFAULTS;

    private Limits() {}

    static ListenerLimits with(FrameLimits frames) {
        return new ListenerLimits(
                frames, DEFAULTS.connections(), DEFAULTS.pipeline(), DEFAULTS.memory(), DEFAULTS.sockets());
    }

    static ListenerLimits with(ConnectionLimits connections) {
        return new ListenerLimits(
                DEFAULTS.frames(), connections, DEFAULTS.pipeline(), DEFAULTS.memory(), DEFAULTS.sockets());
    }

    static ListenerLimits with(PipelineLimits pipeline) {
        return new ListenerLimits(
                DEFAULTS.frames(), DEFAULTS.connections(), pipeline, DEFAULTS.memory(), DEFAULTS.sockets());
    }

    static ListenerLimits with(MemoryLimits memory) {
        return new ListenerLimits(
                DEFAULTS.frames(), DEFAULTS.connections(), DEFAULTS.pipeline(), memory, DEFAULTS.sockets());
    }
}
