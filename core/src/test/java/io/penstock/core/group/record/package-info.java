/** Tests of the records of groups against Kafka's own classes. */
@NullMarked
package io.penstock.core.group.record;

import org.jspecify.annotations.NullMarked;
