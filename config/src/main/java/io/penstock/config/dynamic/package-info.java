/**
 * Changing and describing settings while the broker runs: pure functions from the texts that are set now to the
 * texts that shall be set, or to a refusal. Nothing is stored here; the caller commits what was accepted.
 *
 * <p>Start with {@link io.penstock.config.dynamic.TopicAlteration} and
 * {@link io.penstock.config.dynamic.ConfigEntries}. May use {@code config} and {@code config.setting}.
 */
@NullMarked
package io.penstock.config.dynamic;

import org.jspecify.annotations.NullMarked;
