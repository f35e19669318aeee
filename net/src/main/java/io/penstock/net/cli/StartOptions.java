package io.penstock.net.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code start} was asked for besides the settings of the broker.
 *
 * @param readyFile written when the broker is ready and deleted when it stops
 */
public record StartOptions(Optional<Path> readyFile) {
    /** Nothing out of the ordinary. */
    public static final StartOptions DEFAULTS = new StartOptions(Optional.empty());
}
