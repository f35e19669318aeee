/**
 * JMH benchmarks of the stages of the produce and fetch paths, one class a stage. Run them with
 * {@code java -jar bench/target/bench.jar jmh -- -prof gc}.
 *
 * <p>Start with {@link io.penstock.bench.micro.LogUnderTest}, the open log that the storage stages share.
 */
@NullMarked
package io.penstock.bench.micro;

import org.jspecify.annotations.NullMarked;
