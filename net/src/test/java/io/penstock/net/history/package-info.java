/**
 * Records what clients sent, what was acknowledged and what was read, and checks that the three agree. Pure.
 *
 * <p>Start with {@link io.penstock.net.history.HistoryChecker}.
 */
@NullMarked
package io.penstock.net.history;

import org.jspecify.annotations.NullMarked;
