/**
 * Measures how long the broker's event loops are held up while they append at full rate, which is what every connection on them
 * would feel.
 *
 * <p>Start with {@link io.penstock.bench.pause.PauseCommand}. Runs an embedded broker: no socket and no client stands in the way of the
 * rate.
 */
@NullMarked
package io.penstock.bench.pause;

import org.jspecify.annotations.NullMarked;
