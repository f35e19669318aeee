package io.penstock.bench.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Tells the user of a command line what is wrong with it, in place of a stack trace; the exit code is then 2. Stateless. */
public final class Usage {
    private Usage() {}

    /**
     * What the arguments stand for.
     *
     * @param arguments throws an {@link IllegalArgumentException} that says what it expected
     */
    public static <T> T accept(CommandSpec command, Supplier<T> arguments) {
        try {
            return arguments.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    /** Connects once: Kafka's clients would look for the broker for a minute. */
    public static void requireReachable(CommandSpec command, InetSocketAddress broker) {
        try {
            SocketChannel.open(broker).close();
        } catch (UnresolvedAddressException e) {
            throw new ParameterException(command.commandLine(), "unknown host: " + broker.getHostString(), e);
        } catch (IOException e) {
            throw new ParameterException(
                    command.commandLine(),
                    "no broker at " + broker.getHostString() + ":" + broker.getPort() + ": " + e.getMessage(),
                    e);
        }
    }
}
