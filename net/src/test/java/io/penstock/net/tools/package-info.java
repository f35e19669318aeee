/** Kafka's command-line tools for administration, run inside this JVM against a broker in it. */
@NullMarked
package io.penstock.net.tools;

import org.jspecify.annotations.NullMarked;
