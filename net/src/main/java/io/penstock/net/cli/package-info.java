/**
 * The command line: reads arguments, finds settings, and says in one block what was wrong.
 *
 * <p>Start with {@link io.penstock.net.cli.Refusal} and {@link io.penstock.net.cli.ExitCode}. May use {@code config}.
 */
@NullMarked
package io.penstock.net.cli;

import org.jspecify.annotations.NullMarked;
