/**
 * Puts a whole server together, and runs it as a process: settings, Vert.x, broker, handlers, listeners, HTTP, in this order up and in
 * the opposite order down.
 *
 * <p>Start with {@link io.penstock.net.launch.PenstockServer}, then {@link io.penstock.net.launch.ServerProcess}. May use every
 * package of {@code net}, and {@code core}.
 */
@NullMarked
package io.penstock.net.launch;

import org.jspecify.annotations.NullMarked;
