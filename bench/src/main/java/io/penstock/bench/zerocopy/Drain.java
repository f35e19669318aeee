package io.penstock.bench.zerocopy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP connection over loopback to a thread that reads everything and keeps nothing. The sender's thread does the kernel's work of receiving,
 * too, but for the copy out of the socket, which is the reader's: over loopback {@code sendfile} hands pages over by reference all the way.
 */
final class Drain implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;
    private static final long POLL_NS = 20_000;

    private final SocketChannel sending;
    private final SocketChannel receiving;
    private final Thread reader;
    private volatile long readBytes;

    private Drain(SocketChannel sending, SocketChannel receiving) {
        this.sending = sending;
        this.receiving = receiving;
        this.reader = new Thread(this::read, "drain");
        reader.setDaemon(true);
        reader.start();
    }

    static Drain open() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel sending = SocketChannel.open(server.getLocalAddress());
            sending.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return new Drain(sending, server.accept());
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the reader only
    private void read() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try {
            for (int bytes = 0; bytes >= 0; bytes = receiving.read(buffer.clear())) {
                readBytes += bytes;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Blocking. */
    SocketChannel socket() {
        return sending;
    }

    /** Waits until so many bytes in all have been read. */
    void await(long bytes) {
        while (readBytes < bytes && reader.isAlive()) {
            LockSupport.parkNanos(POLL_NS);
        }
    }

    /** Processor time of the reader so far, in nanoseconds. */
    long readerCpuNs() {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(reader.getId());
    }

    @Override
    public void close() throws IOException {
        sending.close();
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        receiving.close();
    }
}
