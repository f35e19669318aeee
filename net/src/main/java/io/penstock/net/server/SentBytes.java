package io.penstock.net.server;

import io.netty.channel.DefaultMessageSizeEstimator;
import io.netty.channel.FileRegion;
import io.netty.channel.MessageSizeEstimator;

/**
 * Counts what a connection has yet to send in bytes on the wire, regions of files too, which Netty counts as nothing since they take no
 * memory. So the bound on unsent answers holds alike from wherever they come, and it shows when a client takes some. Stateless.
 */
final class SentBytes implements MessageSizeEstimator {
    static final MessageSizeEstimator ESTIMATOR = new SentBytes();

    private static final Handle OTHERS = DefaultMessageSizeEstimator.DEFAULT.newHandle();
    private static final Handle HANDLE = SentBytes::bytesOf;

    private SentBytes() {}

    private static int bytesOf(Object message) {
        return message instanceof FileRegion region
                ? (int) Math.min(Integer.MAX_VALUE, region.count())
                : OTHERS.size(message);
    }

    @Override
    public Handle newHandle() {
        return HANDLE;
    }
}
