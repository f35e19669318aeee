/**
 * The command line: reads arguments, finds settings, and says in one block what was wrong. Starts nothing itself; a {@link
 * io.penstock.net.cli.ServerLauncher} does.
 *
 * <p>Start with {@link io.penstock.net.cli.CommandLineTool}. May use {@code config} and {@code net.logging}.
 */
@NullMarked
package io.penstock.net.cli;

import org.jspecify.annotations.NullMarked;
