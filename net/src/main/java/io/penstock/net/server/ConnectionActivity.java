package io.penstock.net.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/** When a connection last did anything, for those who close idle ones. Owned by the connection's event loop. */
final class ConnectionActivity {
    private final Channel channel;
    private long lastNs = System.nanoTime();
    private long lastUnsentBytes;

    ConnectionActivity(Channel channel) {
        this.channel = channel;
    }

    /** Something came from the client, or it is kept from sending. */
    void touch() {
        lastNs = System.nanoTime();
    }

    /** For how long nothing was received or sent. Called about once a second, for it notices only then what was sent. */
    long idleNs(long nowNs) {
        if (hasSentSinceLastTick()) {
            lastNs = nowNs;
        }
        return nowNs - lastNs;
    }

    /** As of the last tick. */
    long lastNs() {
        return lastNs;
    }

    /** A client that takes a large answer slowly is not idle. */
    private boolean hasSentSinceLastTick() {
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        // What is pending counts until all of it is sent, be it a gigabyte.
        long unsentBytes = unsent == null ? 0 : unsent.totalPendingWriteBytes() - unsent.currentProgress();
        boolean hasSent = unsentBytes != lastUnsentBytes;
        lastUnsentBytes = unsentBytes;
        return hasSent;
    }
}
