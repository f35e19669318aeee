/** Tests with Kafka Streams against a whole broker. */
@NullMarked
package io.penstock.net.streams;

import org.jspecify.annotations.NullMarked;
