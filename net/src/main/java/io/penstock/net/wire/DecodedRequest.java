package io.penstock.net.wire;

import org.apache.kafka.common.protocol.ApiMessage;

/**
 * A request read from its frame.
 *
 * @param version of the message and of its answer; differs from the header's only for ApiVersions in a version we do not know
 * @param sharesFrame whether the message holds slices of the frame's memory, so that the frame must outlive it
 * @param heapBytes estimate of what the message takes on the heap
 */
public record DecodedRequest(
        RequestHeader header, short version, ApiMessage data, boolean sharesFrame, long heapBytes) {}
