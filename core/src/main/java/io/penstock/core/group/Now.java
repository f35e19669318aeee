package io.penstock.core.group;

/**
 * One reading of both clocks, taken once for each command.
 *
 * @param wallMs milliseconds since 1970; may jump; for what is stored
 * @param awakeMs milliseconds, since some moment, during which this process has run: it never jumps and stands still while the
 *     process does, so that nobody is taken for dead because the broker could not listen; for everything that times out
 */
public record Now(long wallMs, long awakeMs) {}
