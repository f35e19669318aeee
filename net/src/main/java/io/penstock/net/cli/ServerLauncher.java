package io.penstock.net.cli;

import io.penstock.config.BrokerConfig;

/** Runs a broker in this process. */
public interface ServerLauncher {
    /**
     * Starts the broker and returns when it has stopped. Tells the user itself what there is to tell.
     *
     * @return what the process is to end with
     */
    ExitCode run(BrokerConfig config, StartOptions options, RefusalReport report);
}
