/**
 * Client quotas at the sockets: what a request costs, and how long its connection is throttled for it. State is in
 * {@link io.penstock.core.quota}; a connection and its requests are owned by one event loop. Used by listeners and handlers, uses
 * neither.
 *
 * <p>Start with {@link io.penstock.net.quota.RequestQuota}.
 */
@NullMarked
package io.penstock.net.quota;

import org.jspecify.annotations.NullMarked;
