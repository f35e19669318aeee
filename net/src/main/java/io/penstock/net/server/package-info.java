/**
 * Kafka listeners: accepts connections, cuts frames, dispatches requests in arrival order and sends the answers in that
 * same order, within bounds on memory, time and connections.
 *
 * <p>Each connection is owned by one event loop; what is shared between loops is atomic. May use Vert.x net, Netty and
 * {@link io.penstock.net.wire}. To answer an API start with {@link io.penstock.net.server.ApiHandler} and
 * {@link io.penstock.net.server.Responder}; to run a listener with {@link io.penstock.net.server.ApiRegistry}.
 */
@NullMarked
package io.penstock.net.server;

import org.jspecify.annotations.NullMarked;
