package io.penstock.net.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Map;

/**
 * What the process was given by its parent. Used by the main thread.
 *
 * @param environment as of {@link System#getenv()}
 */
public record Terminal(PrintWriter out, PrintWriter err, Map<String, String> environment) {
    public Terminal {
        environment = Map.copyOf(environment);
    }

    /** This process's own. */
    public static Terminal ofProcess() {
        return new Terminal(writer(System.out), writer(System.err), System.getenv());
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, Charset.defaultCharset());
    }
}
