/**
 * The records of {@code __consumer_offsets}, byte for byte as Apache Kafka writes them, so that its tools read ours and we read its.
 *
 * <p>Values and a stateless codec; depends on nothing but kafka-clients' primitive encodings. Start with
 * {@link io.penstock.core.group.record.GroupRecord}, then {@link io.penstock.core.group.record.GroupRecordCodec}.
 */
@NullMarked
package io.penstock.core.group.record;

import org.jspecify.annotations.NullMarked;
