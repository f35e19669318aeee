package io.penstock.core.metadata;

import io.penstock.config.BrokerConfig;
import io.penstock.config.BrokerSettings;
import io.penstock.core.MutationQuota;
import io.penstock.core.metadata.MetadataRecord.TopicDeleted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/** Decides one DeleteTopics request: by name or by id, each topic on its own. Pure; one object for one request. */
final class TopicDeletion {
    private static final ApiError TWICE =
            new ApiError(Errors.INVALID_REQUEST, "The provided topic name maps to an ID that was already supplied.");

    private final MetadataImage image;
    private final MutationQuota quota;
    private final DeleteTopicsResponseData response = new DeleteTopicsResponseData();
    private final Set<Uuid> named = new HashSet<>();
    private final List<MetadataRecord> records = new ArrayList<>();

    TopicDeletion(MetadataImage image, MutationQuota quota) {
        this.image = image;
        this.quota = quota;
    }

    Decision<DeleteTopicsResponseData> decide(DeleteTopicsRequestData request, BrokerConfig config) {
        List<DeleteTopicState> topics = statesOf(request);
        if (!config.get(BrokerSettings.DELETE_TOPIC_ENABLE)) {
            topics.forEach(
                    topic -> answer(topic.name(), topic.topicId(), new ApiError(Errors.TOPIC_DELETION_DISABLED)));
            return Decision.unchanged(response);
        }
        Set<DeleteTopicState> duplicates = Duplicates.of(topics, topic -> topic);
        Set<DeleteTopicState> answered = new HashSet<>();
        for (DeleteTopicState topic : topics) {
            if (!duplicates.contains(topic)) {
                decide(topic);
            } else if (answered.add(topic)) {
                String what = topic.name() == null ? "id" : "name";
                answer(
                        topic.name(),
                        topic.topicId(),
                        new ApiError(Errors.INVALID_REQUEST, "Duplicate topic " + what + "."));
            }
        }
        return new Decision<>(records, response);
    }

    /** Older versions only have names. */
    private static List<DeleteTopicState> statesOf(DeleteTopicsRequestData request) {
        List<DeleteTopicState> states = new ArrayList<>(request.topics());
        request.topicNames().forEach(name -> states.add(new DeleteTopicState().setName(name)));
        return states;
    }

    private void decide(DeleteTopicState topic) {
        boolean hasId = !topic.topicId().equals(Uuid.ZERO_UUID);
        String name = topic.name();
        if (name == null && !hasId) {
            answer(null, Uuid.ZERO_UUID, invalid("Neither topic name nor id were specified."));
        } else if (name == null) {
            delete(null, topic.topicId(), image.topic(topic.topicId()), Errors.UNKNOWN_TOPIC_ID);
        } else if (hasId) {
            answer(name, topic.topicId(), invalid("You may not specify both topic name and topic id."));
        } else {
            delete(name, Uuid.ZERO_UUID, image.topic(name), Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
    }

    private void delete(@Nullable String name, Uuid id, @Nullable TopicImage topic, Errors ifUnknown) {
        if (topic == null) {
            answer(name, id, new ApiError(ifUnknown));
        } else if (!named.add(topic.id())) {
            answer(topic.name(), topic.id(), TWICE);
        } else if (!quota.tryTake(topic.partitions().size())) {
            answer(name, id, new ApiError(Errors.THROTTLING_QUOTA_EXCEEDED));
        } else {
            records.add(new TopicDeleted(topic.id()));
            answer(topic.name(), topic.id(), ApiError.NONE);
        }
    }

    private static ApiError invalid(String message) {
        return new ApiError(Errors.INVALID_REQUEST, message);
    }

    private void answer(@Nullable String name, Uuid id, ApiError error) {
        response.responses()
                .add(new DeletableTopicResult()
                        .setName(name)
                        .setTopicId(id)
                        .setErrorCode(error.error().code())
                        .setErrorMessage(error.message()));
    }
}
