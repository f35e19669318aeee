/**
 * Faults on purpose: brokers in processes of their own that are killed, starved of disk and cut from power while clients write,
 * then judged by {@code net.history}.
 */
@NullMarked
package io.penstock.net.fault;

import org.jspecify.annotations.NullMarked;
