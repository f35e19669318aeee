/**
 * Programs that we did not write, run unchanged against the built broker: Kafka's own tools, kcat, Python's confluent-kafka,
 * JavaScript's kafkajs, and the example clients of the repository. A program that is not on the machine is a skipped test that says how
 * to get it.
 */
@NullMarked
package io.penstock.net.programs;

import org.jspecify.annotations.NullMarked;
