/**
 * A broker inside a Vert.x application: start, stop, and the seam for frontends. Nothing of {@code org.apache.kafka} shows here but
 * behind {@link io.penstock.core.api.Broker#kernel}, which is for frontends of this project.
 *
 * <p>Start with {@link io.penstock.core.api.Broker} and {@link io.penstock.core.api.BrokerOptions}. May use {@code core.runtime}
 * and {@code config}.
 */
@NullMarked
package io.penstock.core.api;

import org.jspecify.annotations.NullMarked;
