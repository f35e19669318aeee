package io.penstock.net.history;

/** One record as a reader got it, in the order of its polls. */
public record Polled(int reader, int partition, long offset, Value value) {}
