package io.penstock.net.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.history.Guarantee;
import io.penstock.net.history.HistoryChecker;
import io.penstock.net.history.Sent;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input costs its sender an error or its connection, and nobody anything else. */
@Tag("long")
class MalformedInputIT {
    private static final int INPUTS = 10_000;
    private static final int WARM_UP = 1_000;
    private static final int SENDERS = 4;
    private static final int HEAP_MIB = 128;
    private static final int FLOOD_CONNECTIONS = 200;
    private static final long MOST_EXTRA_BYTES = 64L << 20;
    private static final long MOST_EXTRA_FLOOD_BYTES = 50L << 20;

    @TempDir
    Path directory;

    /** A leak in the heap ends the broker: there is little room in it. */
    @Test
    void shouldSurviveTenThousandBadInputsWithoutDisturbingOthers() throws Exception {
        long seed = System.nanoTime();
        try (BrokerProcess broker = BrokerProcess.startWithWholeHeap(HEAP_MIB, directory.resolve("data"))) {
            TestTopics.create(broker.bootstrap(), "healthy", 1, Map.of());
            TestTopics.create(broker.bootstrap(), "target", 1, Map.of());
            Queue<Socket> halfOpen = new ConcurrentLinkedQueue<>();
            try (SequencedWriter healthy = writer(broker)) {
                // What every API costs when it is asked for the first time (classes, compiled code) comes once.
                sendBad(broker, seed, WARM_UP, halfOpen);
                long before = broker.anonymousBytes();
                sendBad(broker, seed + SENDERS, INPUTS, halfOpen);
                long after = broker.anonymousBytes();
                healthy.close();

                assertThat(after - before)
                        .as("bytes of memory gained, seed %d", seed)
                        .isLessThan(MOST_EXTRA_BYTES);
                assertHealthy(broker, healthy);
            } finally {
                closeAll(halfOpen);
            }
        }
    }

    @Test
    void shouldNotAllocateWhatTwoHundredConnectionsAnnounce() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("data"))) {
            TestTopics.create(broker.bootstrap(), "healthy", 1, Map.of());
            List<Socket> flood = new ArrayList<>();
            try (SequencedWriter healthy = writer(broker)) {
                Thread.sleep(2_000);
                long before = broker.residentBytes();
                for (int i = 0; i < FLOOD_CONNECTIONS; i++) {
                    Socket socket = connect(broker);
                    socket.getOutputStream()
                            .write(ByteBuffer.allocate(8)
                                    .putInt(100 << 20)
                                    .putInt(0)
                                    .array());
                    flood.add(socket);
                }
                Thread.sleep(3_000);
                long after = broker.residentBytes();
                healthy.close();

                assertThat(after - before).isLessThan(MOST_EXTRA_FLOOD_BYTES);
                assertHealthy(broker, healthy);
            } finally {
                closeAll(flood);
            }
        }
    }

    private static SequencedWriter writer(BrokerProcess broker) {
        return new SequencedWriter(1, SequencedWriter.Style.LEADER_ACK, broker.bootstrap(), "healthy", 1, 200, 100);
    }

    private static void assertHealthy(BrokerProcess broker, SequencedWriter writer) {
        assertThat(broker.isAlive()).isTrue();
        assertThat(writer.history()).isNotEmpty().allMatch(sent -> sent.outcome() == Sent.Outcome.ACKED);
        var polls = CompleteReader.readAll(1, broker.bootstrap(), "healthy", 1);
        assertThat(new HistoryChecker(EnumSet.allOf(Guarantee.class)).check(writer.history(), polls))
                .isEmpty();
    }

    /** From several connections at a time, each with inputs of its own. */
    private static void sendBad(BrokerProcess broker, long seed, int count, Queue<Socket> halfOpen) throws Exception {
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        try {
            List<Future<?>> sent = new ArrayList<>();
            for (int sender = 0; sender < SENDERS; sender++) {
                MalformedFrames frames = new MalformedFrames(seed + sender, "target");
                sent.add(senders.submit(() -> {
                    for (int i = 0; i < count / SENDERS; i++) {
                        send(broker, frames.next(), i % 50 == 0 ? halfOpen : null);
                    }
                    return null;
                }));
            }
            for (Future<?> each : sent) {
                each.get();
            }
        } finally {
            senders.shutdownNow();
        }
    }

    /** @param halfOpen takes the socket as it is then; null to wait for the broker to close it */
    private static void send(BrokerProcess broker, MalformedFrames.Input input, @Nullable Queue<Socket> halfOpen)
            throws IOException {
        Socket socket = connect(broker);
        try {
            socket.getOutputStream().write(input.bytes());
            if (halfOpen != null) {
                halfOpen.add(socket);
                return;
            }
            socket.shutdownOutput();
            drain(socket);
            socket.close();
        } catch (SocketException closedByBroker) {
            socket.close();
        } catch (SocketTimeoutException silent) {
            throw new AssertionError("no answer and no close after " + input.what(), silent);
        }
    }

    /** Reads answers until the broker closes, which it must once we have sent our last byte. */
    private static void drain(Socket socket) throws IOException {
        socket.setSoTimeout(15_000);
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static Socket connect(BrokerProcess broker) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress("localhost", broker.port()), 5_000);
        return socket;
    }

    private static void closeAll(Collection<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
