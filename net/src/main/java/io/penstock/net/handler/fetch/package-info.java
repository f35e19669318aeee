/**
 * The Fetch API: sessions that spare clients from repeating themselves (KIP-227), and the way of one request through its partitions.
 *
 * <p>Sessions ({@link io.penstock.net.handler.fetch.FetchSessionShard}) are pure state machines, each shard owned by one event loop.
 * A {@link io.penstock.net.handler.fetch.FetchExchange} belongs to the event loop of its connection. Reading order:
 * {@link io.penstock.net.handler.fetch.FetchHandler}, {@link io.penstock.net.handler.fetch.FetchContext}, then those two.
 */
@NullMarked
package io.penstock.net.handler.fetch;

import org.jspecify.annotations.NullMarked;
