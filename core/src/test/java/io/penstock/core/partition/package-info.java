/** Tests of the pure parts of a partition, and what they share. */
@NullMarked
package io.penstock.core.partition;

import org.jspecify.annotations.NullMarked;
