/**
 * What the launcher writes to standard output: text lines or JSON lines. Used by the process only; an application that embeds the
 * broker keeps its own logging.
 *
 * <p>Start with {@link io.penstock.net.logging.LogSetup}. Depends on logback and on nothing of ours.
 */
@NullMarked
package io.penstock.net.logging;

import org.jspecify.annotations.NullMarked;
