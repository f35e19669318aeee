/**
 * The broker without its sockets. {@link io.penstock.core.BrokerKernel} is what a frontend may ask of it.
 *
 * <p>Reading order: {@link io.penstock.core.BrokerKernel}, {@code core.partition} (pure), {@code core.metadata} (pure), then
 * {@code core.runtime}, which owns both on event loops.
 */
@NullMarked
package io.penstock.core;

import org.jspecify.annotations.NullMarked;
