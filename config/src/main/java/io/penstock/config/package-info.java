/**
 * All settings of the broker and of its topics under Kafka's own key names: what may be set, what it is set to,
 * and where that came from. Immutable values, safe from any thread; nothing here knows files, sockets or partitions.
 *
 * <p>Start with {@link io.penstock.config.BrokerConfig} and {@link io.penstock.config.TopicConfigs}; the
 * catalogues are {@link io.penstock.config.BrokerSettings} and {@link io.penstock.config.TopicSettings}. May use
 * {@code config.setting} and {@code config.source}; changing and describing settings at run time is
 * {@code config.dynamic}.
 */
@NullMarked
package io.penstock.config;

import org.jspecify.annotations.NullMarked;
