package io.penstock.net.handler;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.MetadataRequest;
import org.jspecify.annotations.Nullable;

/**
 * Answers Metadata: brokers, and topics by name or by id. Creates topics that are asked for by name and do not exist, if the
 * request and the broker allow it, and answers when they are there. Safe from any thread: only the limiter has state, an atomic one.
 */
final class MetadataHandler implements ApiHandler {
    private static final short FIRST_TOPIC_ID_VERSION = 12;

    private final BrokerKernel kernel;
    private final boolean autoCreate;
    private final AutoCreateLimiter limiter;
    private final LongSupplier clockMs;

    MetadataHandler(BrokerKernel kernel, HandlerSettings settings, LongSupplier clockMs) {
        this.kernel = kernel;
        this.autoCreate = settings.autoCreateTopics();
        this.limiter = new AutoCreateLimiter(settings.autoCreatePerSecond());
        this.clockMs = clockMs;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.METADATA;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        MetadataRequestData data = request.data(MetadataRequestData.class);
        String fault = faultOf(data, request.version());
        if (fault != null) {
            responder.send(refusal(data, request.version(), fault));
        } else if (isAboutAllTopics(data, request.version())) {
            responder.send(allTopics(request));
        } else {
            answerNamed(request, responder);
        }
    }

    private static @Nullable String faultOf(MetadataRequestData data, short version) {
        if (data.topics() == null) {
            return null;
        }
        for (MetadataRequestTopic topic : data.topics()) {
            boolean named = topic.name() != null;
            boolean identified = !topic.topicId().equals(Uuid.ZERO_UUID);
            if (version < FIRST_TOPIC_ID_VERSION && identified) {
                return "Topic IDs are not supported in requests for version " + version;
            }
            if (!named && !identified) {
                return "A topic needs a name or, from version " + FIRST_TOPIC_ID_VERSION + " on, an id";
            }
        }
        return null;
    }

    private static ApiMessage refusal(MetadataRequestData data, short version, String fault) {
        return new MetadataRequest(data, version)
                .getErrorResponse(0, Errors.INVALID_REQUEST.exception(fault))
                .data();
    }

    /** Version 0 has no null array, so there the empty one means all. */
    private static boolean isAboutAllTopics(MetadataRequestData data, short version) {
        return data.topics() == null || (version == 0 && data.topics().isEmpty());
    }

    private MetadataResponseData allTopics(KafkaRequest request) {
        MetadataImage image = kernel.metadata();
        MetadataAnswer answer = new MetadataAnswer(kernel.nodeId(), image, request);
        image.topics().forEach(answer::add);
        return answer.toData();
    }

    private void answerNamed(KafkaRequest request, Responder responder) {
        MetadataRequestData data = request.data(MetadataRequestData.class);
        Map<String, Errors> creation = new HashMap<>();
        Outstanding outstanding =
                new Outstanding(() -> Delegated.answer(() -> namedTopics(request, creation), responder));
        if (autoCreate && data.allowAutoTopicCreation()) {
            for (String name : missingNames(data)) {
                create(name, creation, outstanding);
            }
        }
        outstanding.allAsked();
    }

    private Set<String> missingNames(MetadataRequestData data) {
        MetadataImage image = kernel.metadata();
        Set<String> missing = new LinkedHashSet<>();
        for (MetadataRequestTopic topic : data.topics()) {
            boolean byName = topic.topicId().equals(Uuid.ZERO_UUID);
            if (byName && image.topic(topic.name()) == null && Topic.isValid(topic.name())) {
                missing.add(topic.name());
            }
        }
        return missing;
    }

    /** Notes under {@code creation} why a topic could not be created; a retriable code if it is only too early. */
    private void create(String name, Map<String, Errors> creation, Outstanding outstanding) {
        if (!limiter.tryAcquire(clockMs.getAsLong())) {
            return;
        }
        outstanding.expect();
        kernel.admin().autoCreateTopic(name).onComplete(created -> {
            creation.put(
                    name,
                    created.succeeded()
                            ? Errors.forCode(created.result().errorCode())
                            : Errors.forException(created.cause()));
            outstanding.arrived();
        });
    }

    private MetadataResponseData namedTopics(KafkaRequest request, Map<String, Errors> creation) {
        MetadataAnswer answer = new MetadataAnswer(kernel.nodeId(), kernel.metadata(), request);
        for (MetadataRequestTopic topic : distinct(request.data(MetadataRequestData.class))) {
            if (!topic.topicId().equals(Uuid.ZERO_UUID)) {
                answer.addById(topic.topicId());
            } else {
                answer.addByName(topic.name(), creation.getOrDefault(topic.name(), Errors.NONE));
            }
        }
        return answer.toData();
    }

    private static Set<MetadataRequestTopic> distinct(MetadataRequestData data) {
        return new LinkedHashSet<>(data.topics());
    }
}
