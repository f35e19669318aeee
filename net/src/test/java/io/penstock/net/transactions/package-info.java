/**
 * Exactly once, as clients see it: transactions whose workers and broker are killed, readers that must never see what was aborted, and
 * requests that come too late.
 */
@NullMarked
package io.penstock.net.transactions;

import org.jspecify.annotations.NullMarked;
