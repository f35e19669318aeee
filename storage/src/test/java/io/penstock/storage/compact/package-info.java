/** Tests of what compaction keeps, against small cases, Kafka's own filter and a model. */
@NullMarked
package io.penstock.storage.compact;

import org.jspecify.annotations.NullMarked;
