package io.penstock.net.metrics;

import java.util.concurrent.atomic.AtomicReferenceArray;

/** One thread's figures about one Kafka API. Written by that thread only; read by any. */
final class ApiRecorder {

    private final AtomicReferenceArray<LoopCounter> requestsByVersion;
    private final LoopCounter requestBytes = new LoopCounter();
    private final LoopCounter responseBytes = new LoopCounter();
    private final LoopCounter failures = new LoopCounter();
    private final LatencyHistogram elapsed = new LatencyHistogram();

    /** @param versionCount one more than the highest version that is counted apart */
    ApiRecorder(int versionCount) {
        requestsByVersion = new AtomicReferenceArray<>(versionCount);
    }

    void onRequest(short version, int bytes) {
        int slot = Math.max(0, Math.min(version, requestsByVersion.length() - 1));
        LoopCounter requests = requestsByVersion.getPlain(slot);
        if (requests == null) {
            requests = new LoopCounter();
            requestsByVersion.set(slot, requests);
        }
        requests.add(1);
        requestBytes.add(bytes);
    }

    void onAnswer(int bytes, long elapsedNs) {
        responseBytes.add(bytes);
        elapsed.record(elapsedNs);
    }

    void onFailure() {
        failures.add(1);
    }

    int versionCount() {
        return requestsByVersion.length();
    }

    /** Requests of one version. */
    long requests(int version) {
        LoopCounter requests = requestsByVersion.get(version);
        return requests == null ? 0 : requests.value();
    }

    long requestBytes() {
        return requestBytes.value();
    }

    long responseBytes() {
        return responseBytes.value();
    }

    long failures() {
        return failures.value();
    }

    LatencyHistogram elapsed() {
        return elapsed;
    }
}
