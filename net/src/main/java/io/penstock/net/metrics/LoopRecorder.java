package io.penstock.net.metrics;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one thread, usually an event loop, counts. Only that thread writes, so that counting costs a plain addition; the
 * maps and arrays are concurrent because collectors read them meanwhile.
 */
final class LoopRecorder {

    private static final int API_SLOTS = highestApiId() + 1;

    private final AtomicReferenceArray<ApiRecorder> apis = new AtomicReferenceArray<>(API_SLOTS);
    private final Map<String, ListenerRecorder> listeners = new ConcurrentHashMap<>();
    private final Map<Uuid, TopicRecorder> topics = new ConcurrentHashMap<>();
    private final TopicRecorder allTopics = new TopicRecorder();
    private final AtomicReference<@Nullable LatencyHistogram> appends = new AtomicReference<>();

    private static int highestApiId() {
        int highest = 0;
        for (ApiKeys api : ApiKeys.values()) {
            highest = Math.max(highest, api.id);
        }
        return highest;
    }

    /** Owner only. */
    ApiRecorder api(ApiKeys api) {
        ApiRecorder recorder = apis.getPlain(api.id);
        if (recorder == null) {
            recorder = new ApiRecorder(Math.max(1, api.latestVersion(true) + 1));
            apis.set(api.id, recorder);
        }
        return recorder;
    }

    /** Any thread; null if this thread never saw a request of that API. */
    @Nullable
    ApiRecorder findApi(ApiKeys api) {
        return apis.get(api.id);
    }

    ListenerRecorder listener(String name) {
        ListenerRecorder recorder = listeners.get(name);
        return recorder != null ? recorder : listeners.computeIfAbsent(name, unused -> new ListenerRecorder());
    }

    Map<String, ListenerRecorder> listeners() {
        return listeners;
    }

    TopicRecorder topic(Uuid id) {
        TopicRecorder recorder = topics.get(id);
        return recorder != null ? recorder : topics.computeIfAbsent(id, unused -> new TopicRecorder());
    }

    Map<Uuid, TopicRecorder> topics() {
        return topics;
    }

    TopicRecorder allTopics() {
        return allTopics;
    }

    /** How long appends held up this thread. Owner only. */
    LatencyHistogram appends() {
        LatencyHistogram histogram = appends.getPlain();
        if (histogram == null) {
            histogram = new LatencyHistogram();
            appends.set(histogram);
        }
        return histogram;
    }

    /** Any thread; empty if this thread never appended. */
    Optional<LatencyHistogram> findAppends() {
        return Optional.ofNullable(appends.get());
    }
}
