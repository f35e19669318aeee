/** Tests with Kafka's own clients against a whole broker. */
@NullMarked
package io.penstock.net.clients;

import org.jspecify.annotations.NullMarked;
