package io.penstock.net.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.transport.Transport;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SpinningEpollIT {
    private static final int TRIPS = 3_000;

    private Vertx vertx;
    private NetServer server;

    @BeforeEach
    void echo() throws Exception {
        assumeTrue(Transport.EPOLL != null && Transport.EPOLL.available(), "no epoll");
        vertx = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(2))
                .withTransport(TransportChoice.EPOLL.resolve(Duration.ofMillis(1)))
                .build();
        server = await(vertx.createNetServer()
                .connectHandler(socket -> socket.handler(socket::write))
                .listen(0, "localhost"));
    }

    @AfterEach
    void close() throws Exception {
        if (vertx != null) {
            await(vertx.close());
        }
    }

    @Test
    void shouldEchoThenSleepAndEchoAgain() throws Exception {
        try (Socket client = new Socket("localhost", server.actualPort())) {
            client.setTcpNoDelay(true);
            exchange(client);

            // when
            TimeUnit.MILLISECONDS.sleep(50);
            long before = cpuNs();
            TimeUnit.MILLISECONDS.sleep(500);

            // then: asleep, and woken when there is something
            assertThat(cpuNs() - before).isLessThan(TimeUnit.MILLISECONDS.toNanos(50));
            exchange(client);
        }
    }

    @Test
    void shouldSeeTasksAndTimersWhileItLooks() throws Exception {
        try (Socket client = new Socket("localhost", server.actualPort())) {
            exchange(client);
            for (int i = 0; i < TRIPS; i++) {
                for (EventExecutor loop : ((VertxInternal) vertx).eventLoopGroup()) {
                    assertThat(loop.submit(() -> 7).get(10, TimeUnit.SECONDS)).isEqualTo(7);
                }
            }
            assertThat(await(vertx.timer(1, TimeUnit.MILLISECONDS))).isNull();
        }
    }

    private static void exchange(Socket client) throws IOException {
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        DataInputStream in = new DataInputStream(client.getInputStream());
        for (int i = 0; i < TRIPS; i++) {
            out.write(Buffer.buffer().appendInt(i).getBytes());
            assertThat(in.readInt()).isEqualTo(i);
        }
    }

    /** Processor time of the event loops. */
    private long cpuNs() throws Exception {
        List<Long> ids = new ArrayList<>();
        for (EventExecutor loop : ((VertxInternal) vertx).eventLoopGroup()) {
            ids.add(loop.submit(() -> Thread.currentThread().getId()).get());
        }
        return ids.stream()
                .mapToLong(id -> ManagementFactory.getThreadMXBean().getThreadCpuTime(id))
                .sum();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }
}
