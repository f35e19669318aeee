package io.penstock.net.metrics;

/** One thread's figures about the connections of one listener. Written by that thread only; read by any. */
final class ListenerRecorder {
    final LoopCounter opened = new LoopCounter();
    final LoopCounter closed = new LoopCounter();
    final LoopCounter refused = new LoopCounter();
    final LoopCounter faults = new LoopCounter();
}
