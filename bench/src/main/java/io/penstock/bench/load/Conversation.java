package io.penstock.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * One connection that never blocks, with one request in flight. Owned by its selector's thread.
 *
 * <pre>
 * ask ─► sending ─ frame is out ─► receiving ─ answer is whole ─► ask
 * </pre>
 */
final class Conversation implements AutoCloseable {
    private static final int HEAD_BYTES = 320;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer frame;
    private final boolean answered;
    private final ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    private long receivedBytes;
    private long sentNs;

    private Conversation(SocketChannel channel, Selector selector, ByteBuffer frame, boolean answered)
            throws IOException {
        this.channel = channel;
        this.key = channel.register(selector, SelectionKey.OP_READ, this);
        this.frame = frame.duplicate();
        this.answered = answered;
    }

    /**
     * Connects.
     *
     * @param selector whose key for it has it attached
     * @param answered whether answers are a broker's and are looked at
     */
    static Conversation open(Selector selector, InetSocketAddress broker, ByteBuffer frame, boolean answered)
            throws IOException {
        SocketChannel channel = SocketChannel.open(broker);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        return new Conversation(channel, selector, frame, answered);
    }

    /** Sends the next request, as far as the socket takes it. */
    void ask() throws IOException {
        frame.rewind();
        head.clear();
        receivedBytes = 0;
        sentNs = System.nanoTime();
        send();
    }

    /** When the request in flight began to be sent. */
    long sentNs() {
        return sentNs;
    }

    /**
     * Sends and receives what it can.
     *
     * @param scratch for what arrives
     * @return whether the answer is whole
     */
    boolean goOn(ByteBuffer scratch) throws IOException {
        if (frame.hasRemaining()) {
            send();
        }
        if (!key.isReadable()) {
            return false;
        }
        int bytes = channel.read(scratch.clear());
        if (bytes < 0) {
            throw new EOFException("the broker closed a connection");
        }
        head.put(scratch.slice(0, Math.min(bytes, head.remaining())));
        receivedBytes += bytes;
        return isWhole();
    }

    private void send() throws IOException {
        channel.write(frame);
        int wanted = frame.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    private boolean isWhole() {
        if (receivedBytes < Integer.BYTES || receivedBytes < Integer.BYTES + head.getInt(0)) {
            return false;
        }
        if (answered) {
            ProduceAnswer.requireNoError(head.flip().position(Integer.BYTES));
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
