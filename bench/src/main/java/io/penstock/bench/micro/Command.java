package io.penstock.bench.micro;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.internal.ContextInternal;

/**
 * What is handed over the event bus by reference.
 *
 * @param caller context that gets the reply
 * @param reply runs there
 */
record Command(ContextInternal caller, Runnable reply) {

    /** Hands commands over as they are; they never leave the process. */
    static final class Codec implements MessageCodec<Command, Command> {
        static final String NAME = "bench.by-reference";

        @Override
        public void encodeToWire(Buffer buffer, Command command) {
            throw new UnsupportedOperationException("commands do not leave the process");
        }

        @Override
        public Command decodeFromWire(int position, Buffer buffer) {
            throw new UnsupportedOperationException("commands do not leave the process");
        }

        @Override
        public Command transform(Command command) {
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
}
