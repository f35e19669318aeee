package io.penstock.net.wire;

import org.apache.kafka.common.protocol.ApiKeys;

/** Says which requests are worth decoding. Safe from any thread. */
@FunctionalInterface
public interface ServedVersions {
    /** Whether requests of this API and version are served. */
    boolean isServed(ApiKeys api, short version);
}
