/**
 * The operating system interface under all sockets, and how event loops wait for it: asleep, looking again and again, or looking for
 * a while before they sleep.
 *
 * <p>Chosen once, when Vert.x is created; what an event loop owns says so. May use Vert.x's transports and Netty. Start with
 * {@link io.penstock.net.transport.TransportChoice}.
 */
@NullMarked
package io.penstock.net.transport;

import org.jspecify.annotations.NullMarked;
