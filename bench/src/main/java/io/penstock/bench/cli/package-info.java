/**
 * What the command lines of all measurements share: how a broker's address is written, and how a mistake is told. Start with {@link
 * io.penstock.bench.cli.Usage}.
 */
@NullMarked
package io.penstock.bench.cli;

import org.jspecify.annotations.NullMarked;
