package io.penstock.net.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import io.penstock.net.wire.FrameDecoder;

/**
 * Lets the socket read straight into a large frame that is being gathered, which saves a copy; otherwise into read buffers whose size
 * adapts, as Netty does by itself. Owned by one connection; not for use below TLS.
 */
final class FrameReadAllocator implements RecvByteBufAllocator {
    private final FrameDecoder decoder;
    private final RecvByteBufAllocator adaptive = new AdaptiveRecvByteBufAllocator();

    FrameReadAllocator(FrameDecoder decoder) {
        this.decoder = decoder;
    }

    @Override
    @SuppressWarnings("deprecation") // Netty 4.2 deprecates the type in this signature and still asks for it.
    public Handle newHandle() {
        return new FrameReadHandle((ExtendedHandle) adaptive.newHandle());
    }

    @SuppressWarnings("deprecation") // As above.
    private final class FrameReadHandle extends DelegatingHandle implements ExtendedHandle {
        private final ExtendedHandle handle;

        FrameReadHandle(ExtendedHandle handle) {
            super(handle);
            this.handle = handle;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            ByteBuf room = decoder.room();
            return room == null ? handle.allocate(allocator) : room;
        }

        @Override
        public void reset(ChannelConfig config) {
            handle.reset(config);
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return handle.continueReading(maybeMoreData);
        }
    }
}
