/**
 * One command line for all measurements. Start with {@link io.penstock.bench.BenchCommand}; {@code bench.load} measures a broker over
 * TCP, {@code bench.micro} its stages with JMH.
 */
@NullMarked
package io.penstock.bench;

import org.jspecify.annotations.NullMarked;
