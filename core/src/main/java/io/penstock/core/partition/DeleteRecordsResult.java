package io.penstock.core.partition;

import org.apache.kafka.common.protocol.Errors;

/** The low watermark after DeleteRecords, -1 on error. */
public record DeleteRecordsResult(Errors error, long lowWatermark) {}
