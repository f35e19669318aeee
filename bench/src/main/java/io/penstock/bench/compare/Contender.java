package io.penstock.bench.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A server that is measured: how to make one ready in a fresh directory, and how to start it. Immutable. */
interface Contender {
    /** As in tables. */
    String name();

    /** What must be done once before the first start, in the foreground; part of the cold start. Empty if nothing. */
    List<List<String>> preparations(Path directory, int port) throws IOException;

    /** The command that becomes the server. */
    List<String> command(Path directory, int port) throws IOException;

    /** Whether it is a broker; an echo is not. */
    default boolean isBroker() {
        return true;
    }

    /** Starts one on a free port and waits for nothing. */
    default RunningServer start(Path directory) throws IOException, InterruptedException {
        return RunningServer.start(this, directory);
    }
}
