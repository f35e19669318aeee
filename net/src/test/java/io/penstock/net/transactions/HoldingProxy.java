package io.penstock.net.transactions;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * A proxy in front of a broker that can hold one request back: the client's connection breaks, as if the network had failed, while the
 * request is still on its way and arrives whenever the test wants. Each connection has two threads.
 */
final class HoldingProxy implements AutoCloseable {
    private static final int LIMIT_S = 30;

    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final CountDownLatch captured = new CountDownLatch(1);
    private volatile int brokerPort;
    private volatile @Nullable ApiKeys wanted;
    private volatile @Nullable Held held;

    /** A request that has not reached the broker, on a connection of its own. */
    static final class Held {
        private final byte[] frame;
        private final Socket broker;

        private Held(byte[] frame, Socket broker) {
            this.frame = frame;
            this.broker = broker;
        }

        /** The request, without its length. */
        byte[] frame() {
            return frame.clone();
        }

        /** Lets it arrive, and gives the broker's answer; null if it closes the connection instead. */
        byte @Nullable [] release() throws IOException {
            broker.setSoTimeout((int) TimeUnit.SECONDS.toMillis(LIMIT_S));
            writeFrame(broker.getOutputStream(), frame);
            return readFrame(new DataInputStream(broker.getInputStream()));
        }
    }

    HoldingProxy() throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread("proxy-accept", this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Where connections lead from now on. */
    void leadTo(int port) {
        brokerPort = port;
    }

    /** Holds the next request of that kind. */
    void holdNext(ApiKeys api) {
        wanted = api;
    }

    /** The request that was held; waits for it. */
    Held awaitHeld() throws InterruptedException {
        Held caught = captured.await(LIMIT_S, TimeUnit.SECONDS) ? held : null;
        if (caught == null) {
            throw new AssertionError("no request to hold has come within " + LIMIT_S + " s");
        }
        return caught;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket broker = new Socket(InetAddress.getLoopbackAddress(), brokerPort);
            client.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
            sockets.add(client);
            sockets.add(broker);
            thread("proxy-requests", () -> forwardRequests(client, broker));
            thread("proxy-answers", () -> forwardAnswers(client, broker));
        }
    }

    private void forwardRequests(Socket client, Socket broker) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        for (byte[] frame = readFrame(in); frame != null; frame = readFrame(in)) {
            if (takes(frame)) {
                // A connection of its own, as if the network had delivered it late and alone.
                Socket later = new Socket(InetAddress.getLoopbackAddress(), brokerPort);
                sockets.add(later);
                held = new Held(frame, later);
                client.close();
                broker.close();
                captured.countDown();
                return;
            }
            writeFrame(broker.getOutputStream(), frame);
        }
        broker.close();
    }

    private synchronized boolean takes(byte[] frame) {
        ApiKeys api = wanted;
        boolean isWanted = api != null && ByteBuffer.wrap(frame).getShort() == api.id;
        if (isWanted) {
            wanted = null;
        }
        return isWanted;
    }

    private static void forwardAnswers(Socket client, Socket broker) throws IOException {
        InputStream in = broker.getInputStream();
        OutputStream out = client.getOutputStream();
        byte[] bytes = new byte[1 << 16];
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
            out.write(bytes, 0, count);
            out.flush();
        }
        client.close();
    }

    /** Null at the end of the stream. */
    private static byte @Nullable [] readFrame(DataInputStream in) throws IOException {
        byte[] length = in.readNBytes(Integer.BYTES);
        return length.length < Integer.BYTES
                ? null
                : in.readNBytes(ByteBuffer.wrap(length).getInt());
    }

    private static void writeFrame(OutputStream out, byte[] frame) throws IOException {
        out.write(ByteBuffer.allocate(Integer.BYTES + frame.length)
                .putInt(frame.length)
                .put(frame)
                .array());
        out.flush();
    }

    /** What a thread does until its socket is closed. */
    private interface Forwarding {
        void run() throws IOException;
    }

    private static void thread(String name, Forwarding task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException closed) {
                        // the other side has gone, or the test is over
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
