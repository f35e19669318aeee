package io.penstock.net.launch;

import io.penstock.config.BrokerConfig;
import io.penstock.config.BrokerSettings;
import io.penstock.core.BrokerStartException;
import io.penstock.core.BrokerStartException.Kind;
import io.penstock.net.cli.ExitCode;
import io.penstock.net.cli.RefusalReport;
import io.penstock.net.cli.ServerLauncher;
import io.penstock.net.cli.StartOptions;
import io.penstock.net.logging.LogbackLevels;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of the process around one server: start, tell that it is ready, wait for a signal, stop within a bounded time. Runs on the
 * main thread, which may wait.
 */
final class ServerProcess implements ServerLauncher {

    private static final Logger LOGGER = LoggerFactory.getLogger(ServerProcess.class);

    /** Beyond the time for draining: closing ten thousand logs takes a while. */
    private static final long CLOSE_TIMEOUT_MS = 30_000;

    private final long startedNs;

    /** @param startedNs {@link System#nanoTime} of when the process began, for the banner */
    ServerProcess(long startedNs) {
        this.startedNs = startedNs;
    }

    @Override
    public ExitCode run(BrokerConfig config, StartOptions options, RefusalReport report) {
        StopSignals signals = StopSignals.install();
        IgnoredKeys.tell(config);
        ReadyFile readyFile = options.readyFile().map(ReadyFile::new).orElse(ReadyFile.NONE);
        try {
            readyFile.prepare();
            return serve(config, options, signals, readyFile);
        } catch (StartFailure failure) {
            return report.report(StartRefusals.of(failure.reason()), failure.reason());
        } catch (IOException failure) {
            return report.report(readyFile.refusal(failure), failure);
        }
    }

    private ExitCode serve(BrokerConfig config, StartOptions options, StopSignals signals, ReadyFile readyFile)
            throws StartFailure, IOException {
        PenstockServer server = create(config);
        try {
            Optional<ServerAddresses> addresses = awaitStart(server, signals);
            if (addresses.isPresent()) {
                readyFile.write(addresses.get());
                new Banner(config, addresses.get(), secondsSinceStart()).show(options.logFormat());
            }
            boolean isWell = true;
            if (options.isRehearsal() && addresses.isPresent()) {
                isWell = Rehearsal.run(addresses.get());
            } else {
                LOGGER.atInfo().addKeyValue("signal", signals.first().join()).log("Stopping");
            }
            ExitCode stopped = stop(server, config);
            ExitCode outcome = isWell ? stopped : ExitCode.FAILURE;
            LOGGER.atInfo().addKeyValue("exitCode", outcome.code()).log("Stopped");
            return outcome;
        } finally {
            server.stop(); // Does nothing if it has been stopped above.
            readyFile.remove();
        }
    }

    private static PenstockServer create(BrokerConfig config) throws StartFailure {
        try {
            return PenstockServer.create(config, LogbackLevels.ofProcess());
        } catch (IllegalStateException unavailable) {
            throw new StartFailure(new BrokerStartException(
                    Kind.BAD_CONFIGURATION, "penstock.transport: " + unavailable.getMessage(), unavailable));
        }
    }

    /** Empty if a signal came first. */
    private static Optional<ServerAddresses> awaitStart(PenstockServer server, StopSignals signals)
            throws StartFailure {
        CompletableFuture<ServerAddresses> starting =
                server.start().toCompletionStage().toCompletableFuture();
        try {
            CompletableFuture.anyOf(starting, signals.first()).join();
            return starting.isDone() ? Optional.of(starting.join()) : Optional.empty();
        } catch (CompletionException failure) {
            throw new StartFailure(failure.getCause() == null ? failure : failure.getCause());
        }
    }

    private double secondsSinceStart() {
        return (System.nanoTime() - startedNs) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private static ExitCode stop(PenstockServer server, BrokerConfig config) {
        long timeoutMs = config.get(BrokerSettings.DRAIN_TIMEOUT_MS) + CLOSE_TIMEOUT_MS;
        try {
            server.stop().toCompletionStage().toCompletableFuture().get(timeoutMs, TimeUnit.MILLISECONDS);
            return ExitCode.OK;
        } catch (TimeoutException late) {
            LOGGER.atError()
                    .addKeyValue("timeoutMs", timeoutMs)
                    .log("Not everything closed in time; the next start recovers");
        } catch (ExecutionException failure) {
            LOGGER.atError()
                    .setCause(failure.getCause())
                    .log("Not everything closed in order; the next start recovers");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.FAILURE;
    }
}
