/**
 * Reading and patching Kafka v2 record batches in place. Stateless, but for the scratch buffers of a scan.
 *
 * <p>Start with {@link io.penstock.storage.batch.BatchHeader}, then {@link io.penstock.storage.batch.RecordScan}. May use
 * kafka-clients' record classes to unpack records; depends on nothing else.
 */
@NullMarked
package io.penstock.storage.batch;

import org.jspecify.annotations.NullMarked;
