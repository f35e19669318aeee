package io.penstock.core.runtime;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the internal topics of streams applications, in the background, each once however many members miss it. Why one could not be
 * made is kept for a while, so that members can be told with their next heartbeat; until then it is not tried again. Safe from any
 * thread; creations run on the caller's Vert.x context.
 */
final class StreamsTopics {
    private static final Logger LOGGER = LoggerFactory.getLogger(StreamsTopics.class);
    /** Most failures kept; those of more topics are only logged, and tried again at once. */
    private static final int MAX_FAILURES = 1_000;

    private static final int MAX_FAILURES_TOLD = 3;

    private final Function<CreateTopicsRequestData, Future<CreateTopicsResponseData>> creator;
    private final Clock clock;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final Map<String, Failure> failures = new ConcurrentHashMap<>();

    /**
     * Why a topic could not be made.
     *
     * @param endMs until when it counts, in monotonic milliseconds
     */
    private record Failure(String message, long endMs) {}

    /**
     * Has made nothing yet.
     *
     * @param creator makes topics
     */
    StreamsTopics(Function<CreateTopicsRequestData, Future<CreateTopicsResponseData>> creator, Clock clock) {
        this.creator = creator;
        this.clock = clock;
    }

    /**
     * Starts to make those topics that nobody makes already.
     *
     * @param failureMs how long a failure is kept
     */
    void create(List<CreatableTopic> topics, int failureMs) {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        for (CreatableTopic topic : topics) {
            if (failure(topic.name()) == null && underWay.add(topic.name())) {
                request.topics().add(topic.duplicate());
            }
        }
        if (!request.topics().isEmpty()) {
            List<String> names =
                    request.topics().stream().map(CreatableTopic::name).toList();
            creator.apply(request).onComplete(done -> {
                if (done.succeeded()) {
                    done.result().topics().forEach(result -> onResult(result, failureMs));
                } else {
                    names.forEach(name -> onFailure(name, String.valueOf(done.cause()), failureMs));
                }
                names.forEach(underWay::remove);
            });
        }
    }

    private void onResult(CreatableTopicResult result, int failureMs) {
        Errors error = Errors.forCode(result.errorCode());
        if (error != Errors.NONE && error != Errors.TOPIC_ALREADY_EXISTS) {
            String message = result.errorMessage();
            onFailure(result.name(), message == null ? error.message() : message, failureMs);
        } else if (error == Errors.NONE) {
            LOGGER.atInfo().addKeyValue("topic", result.name()).log("Internal topic of a streams group is made");
        }
    }

    private void onFailure(String name, String message, int failureMs) {
        LOGGER.atWarn().addKeyValue("topic", name).log("Internal topic of a streams group cannot be made: {}", message);
        long nowMs = clock.monotonicMs();
        if (failures.size() >= MAX_FAILURES) {
            failures.values().removeIf(failure -> failure.endMs() <= nowMs);
        }
        if (failures.size() < MAX_FAILURES) {
            failures.put(name, new Failure(message, nowMs + failureMs));
        }
    }

    private @Nullable Failure failure(String name) {
        Failure failure = failures.get(name);
        if (failure != null && failure.endMs() <= clock.monotonicMs()) {
            failures.remove(name, failure);
            return null;
        }
        return failure;
    }

    /** Why topics could not be made, for those of which it is known; empty if that is none. */
    String failuresOf(List<CreatableTopic> topics) {
        List<String> known = new ArrayList<>();
        for (CreatableTopic topic : topics) {
            Failure failure = failure(topic.name());
            if (failure != null) {
                known.add(topic.name() + " (" + failure.message() + ")");
            }
        }
        String told = String.join(", ", known.subList(0, Math.min(MAX_FAILURES_TOLD, known.size())));
        int more = known.size() - MAX_FAILURES_TOLD;
        return more > 0 ? told + " and " + more + " more" : told;
    }
}
