/**
 * Numbers about the running broker: cheap to record on an event loop, collected when somebody asks. Recording never takes a lock
 * and never allocates; every thread writes counters of its own and a reader sums them up.
 *
 * <p>Start with {@link io.penstock.net.metrics.LatencyHistogram}. May use {@code core}, {@code net.server}, Micrometer,
 * HdrHistogram and Netty.
 */
@NullMarked
package io.penstock.net.metrics;

import org.jspecify.annotations.NullMarked;
