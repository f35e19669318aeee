package io.penstock.bench.compare;

import java.nio.file.Path;
import java.util.List;

/**
 * A bare Vert.x TCP server that sends every byte back: what the machine and the toolkit cost without a broker.
 *
 * @param java the Java that runs it
 * @param classpath of this program
 */
record EchoContender(Path java, String classpath) implements Contender {
    @Override
    public String name() {
        return "echo";
    }

    @Override
    public List<List<String>> preparations(Path directory, int port) {
        return List.of();
    }

    @Override
    public List<String> command(Path directory, int port) {
        return List.of(java.toString(), "-cp", classpath, EchoServer.class.getName(), Integer.toString(port));
    }

    @Override
    public boolean isBroker() {
        return false;
    }
}
