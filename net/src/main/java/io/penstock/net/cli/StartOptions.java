package io.penstock.net.cli;

import io.penstock.net.logging.LogFormat;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code start} was asked for besides the settings of the broker.
 *
 * @param readyFile written when the broker is ready and deleted when it stops
 * @param isRehearsal whether to serve one record to a client of its own, and then stop
 */
public record StartOptions(LogFormat logFormat, Optional<Path> readyFile, boolean isRehearsal) {}
