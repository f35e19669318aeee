package io.penstock.net.programs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.penstock.net.programs.CommandLine.Outcome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.utils.Exit;
import org.slf4j.LoggerFactory;

/**
 * Runs Kafka's command-line tools in this JVM, by main class: a JVM for each would cost more time than the tests. The tools end
 * through {@link Exit}, which is made to end the tool alone. One at a time, since standard input and output belong to the tool while
 * it runs.
 */
final class KafkaTool {
    private static final int RUNNING = -1;

    private KafkaTool() {}

    /** What a tool's call to end the process becomes. */
    private static final class Ended extends Error {
        private static final long serialVersionUID = 1;

        Ended(int exitCode) {
            super("exit code " + exitCode, null, false, false);
        }
    }

    /** Runs a tool to its end; standard error is part of the output. */
    static Outcome run(String mainClass, String input, String... arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        AtomicInteger exitCode = new AtomicInteger(RUNNING);
        InputStream in = System.in;
        PrintStream out = System.out;
        PrintStream err = System.err;
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level level = root.getLevel();
        try (PrintStream captured = new PrintStream(output, true, StandardCharsets.UTF_8)) {
            root.setLevel(Level.OFF);
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            System.setOut(captured);
            System.setErr(captured);
            Exit.setExitProcedure((code, message) -> end(exitCode, code));
            Exit.setHaltProcedure((code, message) -> end(exitCode, code));
            List<Runnable> shutdownHooks = new ArrayList<>();
            Exit.setShutdownHookAdder((name, hook) -> shutdownHooks.add(hook));
            callMain(mainClass, arguments, exitCode);
            shutdownHooks.forEach(Runnable::run); // where the console producer, for one, sends what it still has
        } finally {
            Exit.resetExitProcedure();
            Exit.resetHaltProcedure();
            Exit.resetShutdownHookAdder();
            System.setIn(in);
            System.setOut(out);
            System.setErr(err);
            root.setLevel(level);
        }
        return new Outcome(exitCode.get(), output.toString(StandardCharsets.UTF_8));
    }

    /** Runs a tool against a broker and fails unless it ends with 0. */
    static Outcome succeed(String bootstrap, String mainClass, String input, String... arguments) {
        Outcome outcome = against(bootstrap, mainClass, input, arguments);
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        return outcome;
    }

    /** Runs a tool that takes {@code --bootstrap-server} against a broker. */
    static Outcome against(String bootstrap, String mainClass, String input, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--bootstrap-server", bootstrap));
        all.addAll(Arrays.asList(arguments));
        return run(mainClass, input, all.toArray(String[]::new));
    }

    /** The first code counts: a tool may catch the end of its own making and ask for another. */
    private static void end(AtomicInteger exitCode, int code) {
        exitCode.compareAndSet(RUNNING, code);
        throw new Ended(code);
    }

    private static void callMain(String mainClass, String[] arguments, AtomicInteger exitCode) {
        try (FreshClasses classes = FreshClasses.ofJarWith(Class.forName(mainClass))) {
            classes.loadClass(mainClass).getMethod("main", String[].class).invoke(null, (Object) arguments);
            exitCode.compareAndSet(RUNNING, 0);
        } catch (InvocationTargetException thrown) {
            Throwable cause = Objects.requireNonNullElse(thrown.getCause(), thrown);
            if (!(cause instanceof Ended)) {
                cause.printStackTrace(System.err);
                exitCode.compareAndSet(RUNNING, 1); // what the JVM would say to an uncaught exception
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (ReflectiveOperationException notATool) {
            throw new IllegalArgumentException(mainClass + " has no main method that could be called", notATool);
        }
    }
}
