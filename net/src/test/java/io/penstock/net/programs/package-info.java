/**
 * Programs that we did not write, run unchanged as child processes against the built broker: Kafka's own tools, kcat, and Python's
 * confluent-kafka.
 */
@NullMarked
package io.penstock.net.programs;

import org.jspecify.annotations.NullMarked;
