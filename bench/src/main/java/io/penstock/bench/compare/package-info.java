/**
 * Penstock beside Apache Kafka: both on this machine, in turns, under the same load. Start with {@link io.penstock.bench.compare.CompareCommand},
 * then {@link io.penstock.bench.compare.Figure}.
 */
@NullMarked
package io.penstock.bench.compare;

import org.jspecify.annotations.NullMarked;
