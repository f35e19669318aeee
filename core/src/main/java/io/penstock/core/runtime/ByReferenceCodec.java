package io.penstock.core.runtime;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;

/** Hands partition commands over the event bus as they are. They never leave this process. */
final class ByReferenceCodec implements MessageCodec<PartitionCommand, PartitionCommand> {
    private static final String NAME = "penstock.by-reference";
    /** How every command is sent; never changed. */
    static final DeliveryOptions DELIVERY =
            new DeliveryOptions().setCodecName(NAME).setLocalOnly(true);

    /** Makes the codec known to an event bus; several brokers may share one. */
    static void registerOn(EventBus bus) {
        try {
            bus.registerCodec(new ByReferenceCodec());
        } catch (IllegalStateException e) {
            // Another broker of this process has registered it: it has no state, so one serves all.
        }
    }

    @Override
    public void encodeToWire(Buffer buffer, PartitionCommand command) {
        throw new UnsupportedOperationException("partition commands do not leave the process");
    }

    @Override
    public PartitionCommand decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException("partition commands do not leave the process");
    }

    @Override
    public PartitionCommand transform(PartitionCommand command) {
        return command;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
