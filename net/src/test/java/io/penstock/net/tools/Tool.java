package io.penstock.net.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.TestBroker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;

/**
 * One of Kafka's command-line tools, by its main class. Runs in this JVM, since starting one for each call takes longer than all that
 * the tool does; so what it prints is captured from the standard streams of the whole process, and tests must not run side by side.
 */
record Tool(TestBroker broker, String mainClass) {

    /** How a run ended, and all that it printed. */
    record Outcome(int exitCode, String output) {}

    /** Ends a tool where it would end its process; a tool that catches it and wants to end again is held to the first code. */
    private static final class Ended extends Error {
        private static final long serialVersionUID = 1;

        Ended(int exitCode) {
            super("exit code " + exitCode, null, false, false);
        }
    }

    /** Runs the tool and insists that it succeeds. */
    String succeed(String... arguments) {
        Outcome outcome = run(arguments);
        assertThat(outcome.exitCode())
                .as("%s %s%n%s", mainClass, String.join(" ", arguments), outcome.output())
                .isZero();
        return outcome.output();
    }

    /** Runs the tool and insists that it fails. */
    String fail(String... arguments) {
        Outcome outcome = run(arguments);
        assertThat(outcome.exitCode())
                .as("%s %s%n%s", mainClass, String.join(" ", arguments), outcome.output())
                .isNotZero();
        return outcome.output();
    }

    /** Runs the tool with {@code --bootstrap-server} before the arguments. */
    Outcome run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--bootstrap-server", broker.address()));
        all.addAll(Arrays.asList(arguments));
        return runAs(all);
    }

    /** Runs the tool with {@code --bootstrap-server} behind the first argument, for tools with subcommands that want it there. */
    Outcome runWith(String subcommand, String... arguments) {
        List<String> all = new ArrayList<>(List.of(subcommand, "--bootstrap-server", broker.address()));
        all.addAll(Arrays.asList(arguments));
        return runAs(all);
    }

    private Outcome runAs(List<String> all) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(capture);
        System.setErr(capture);
        AtomicReference<@Nullable Integer> ended = new AtomicReference<>();
        Exit.Procedure end = (code, message) -> {
            ended.compareAndSet(null, code);
            throw new Ended(code);
        };
        Exit.setExitProcedure(end);
        Exit.setHaltProcedure(end);
        try {
            runMain(all.toArray(new String[0]));
            Integer exitCode = ended.get();
            return new Outcome(exitCode == null ? 0 : exitCode, printed.toString(StandardCharsets.UTF_8));
        } finally {
            Exit.resetExitProcedure();
            Exit.resetHaltProcedure();
            System.setOut(out);
            System.setErr(err);
        }
    }

    private void runMain(String[] arguments) {
        try {
            Class.forName(mainClass).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof Ended)) {
                throw new AssertionError(mainClass + " failed", e.getCause());
            }
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot run " + mainClass, e);
        }
    }
}
