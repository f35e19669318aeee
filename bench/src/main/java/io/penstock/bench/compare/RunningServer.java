package io.penstock.bench.compare;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, with what the kernel says it has used. */
final class RunningServer implements ServerUnderLoad, AutoCloseable {
    /** The same for all. */
    static final List<String> HEAP = List.of("-Xms1g", "-Xmx1g");

    private static final long START_LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

    private final Contender contender;
    private final Process process;
    private final ProcessFacts facts;
    private final int port;
    private final long startedNs;

    private RunningServer(Contender contender, Process process, int port, long startedNs) {
        this.contender = contender;
        this.process = process;
        this.facts = new ProcessFacts(process.pid());
        this.port = port;
        this.startedNs = startedNs;
    }

    static RunningServer start(Contender contender, Path directory) throws IOException, InterruptedException {
        int port = freePort();
        long startedNs = System.nanoTime();
        File log = directory.resolve("server.log").toFile();
        for (List<String> preparation : contender.preparations(directory, port)) {
            Process done = process(preparation, log).start();
            if (done.waitFor() != 0) {
                throw new IOException(
                        "failed: " + String.join(" ", preparation) + "\n" + Files.readString(log.toPath()));
            }
        }
        Process process = process(contender.command(directory, port), log).start();
        RunningServer server = new RunningServer(contender, process, port, startedNs);
        server.awaitPort(log.toPath());
        return server;
    }

    private static ProcessBuilder process(List<String> command, File log) {
        ProcessBuilder process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        process.environment().put("JAVA_OPTS", String.join(" ", HEAP));
        process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return process;
    }

    /** Kafka wants the next one, too, for its controller. */
    private static int freePort() throws IOException {
        while (true) {
            try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    ServerSocket next =
                            new ServerSocket(first.getLocalPort() + 1, 1, InetAddress.getLoopbackAddress())) {
                return next.getLocalPort() - 1;
            } catch (IOException taken) {
                // the next port is somebody else's: try another pair
            }
        }
    }

    private void awaitPort(Path log) throws IOException, InterruptedException {
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(address());
                return;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() - startedNs > START_LIMIT_NS) {
                    process.destroyForcibly();
                    throw new IOException(contender.name() + " did not start\n" + Files.readString(log), notYet);
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
    }

    @Override
    public InetSocketAddress address() {
        return new InetSocketAddress("localhost", port);
    }

    /** When its start began, preparations included, as {@link System#nanoTime} has it. */
    long startedNs() {
        return startedNs;
    }

    @Override
    public double cpuNs() throws IOException {
        return facts.cpuNs();
    }

    /** Memory that it occupies now, files that it has mapped included. */
    long residentBytes() throws IOException {
        return facts.residentBytes();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
