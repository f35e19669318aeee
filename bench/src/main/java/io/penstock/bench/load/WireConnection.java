package io.penstock.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * One blocking TCP connection that carries whole Kafka frames. One thread may send while another receives; each side belongs to
 * one thread.
 */
final class WireConnection implements AutoCloseable {
    private static final int RECEIVE_BYTES = 64 << 10;

    private final SocketChannel channel;
    private final ByteBuffer receiving =
            ByteBuffer.allocateDirect(RECEIVE_BYTES).limit(0);

    WireConnection(InetSocketAddress broker) throws IOException {
        channel = SocketChannel.open(broker);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /** Writes one frame, length field included; the buffer's position and limit are left as they were. */
    void send(ByteBuffer frame) throws IOException {
        ByteBuffer view = frame.duplicate();
        while (view.hasRemaining()) {
            channel.write(view);
        }
    }

    /**
     * Waits for the next answer and skips it, except its head.
     *
     * @param head filled from the first byte after the length field, as far as the answer and its own capacity go
     * @return bytes of the answer without the length field
     */
    int receive(ByteBuffer head) throws IOException {
        int length = readInt();
        int left = length;
        while (left > 0) {
            if (!receiving.hasRemaining()) {
                refill();
            }
            int step = Math.min(left, receiving.remaining());
            int kept = Math.min(step, head.remaining());
            head.put(receiving.slice(receiving.position(), kept));
            receiving.position(receiving.position() + step);
            left -= step;
        }
        return length;
    }

    private int readInt() throws IOException {
        while (receiving.remaining() < Integer.BYTES) {
            refill();
        }
        return receiving.getInt();
    }

    private void refill() throws IOException {
        receiving.compact();
        int read = channel.read(receiving);
        receiving.flip();
        if (read < 0) {
            throw new EOFException("the broker closed the connection");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
