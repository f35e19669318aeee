package io.penstock.core.runtime;

import io.penstock.core.metadata.ClientQuotaAlteration;
import io.penstock.core.metadata.FeatureUpdate;
import io.penstock.core.metadata.LeaderElection;
import io.vertx.core.Future;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/**
 * Answers to requests of which nothing was done, whatever they ask for. Immutable.
 *
 * @param error for every topic or resource of the request
 */
record RefusedAnswers(ApiError error) {
    /** For a request that is one too many; clients try again. */
    static final RefusedAnswers TOO_MANY = new RefusedAnswers(
            new ApiError(Errors.REQUEST_TIMED_OUT, "Too many changes of metadata are waiting; nothing was changed."));

    /** For a change that the metadata log could not take. */
    static final RefusedAnswers NO_STORAGE =
            new RefusedAnswers(new ApiError(Errors.KAFKA_STORAGE_ERROR, "The metadata log cannot be written now."));

    Future<CreateTopicsResponseData> to(CreateTopicsRequestData request) {
        CreateTopicsResponseData response = new CreateTopicsResponseData();
        request.topics().forEach(topic -> response.topics().add(topicResult(topic.name())));
        return Future.succeededFuture(response);
    }

    Future<CreatableTopicResult> toTopic(String name) {
        return Future.succeededFuture(topicResult(name));
    }

    private CreatableTopicResult topicResult(String name) {
        return new CreatableTopicResult()
                .setName(name)
                .setErrorCode(error.error().code())
                .setErrorMessage(error.message());
    }

    Future<DeleteTopicsResponseData> to(DeleteTopicsRequestData request) {
        DeleteTopicsResponseData response = new DeleteTopicsResponseData();
        request.topics()
                .forEach(topic -> response.responses()
                        .add(deletion().setName(topic.name()).setTopicId(topic.topicId())));
        request.topicNames().forEach(name -> response.responses().add(deletion().setName(name)));
        return Future.succeededFuture(response);
    }

    private DeletableTopicResult deletion() {
        return new DeletableTopicResult().setErrorCode(error.error().code()).setErrorMessage(error.message());
    }

    Future<CreatePartitionsResponseData> to(CreatePartitionsRequestData request) {
        CreatePartitionsResponseData response = new CreatePartitionsResponseData();
        request.topics()
                .forEach(topic -> response.results()
                        .add(new CreatePartitionsResponseData.CreatePartitionsTopicResult()
                                .setName(topic.name())
                                .setErrorCode(error.error().code())
                                .setErrorMessage(error.message())));
        return Future.succeededFuture(response);
    }

    Future<AlterClientQuotasResponseData> to(AlterClientQuotasRequestData request) {
        return Future.succeededFuture(ClientQuotaAlteration.refusal(request, error));
    }

    Future<AlterConfigsResponseData> to(AlterConfigsRequestData request) {
        AlterConfigsResponseData response = new AlterConfigsResponseData();
        request.resources()
                .forEach(resource -> response.responses()
                        .add(new AlterConfigsResponseData.AlterConfigsResourceResponse()
                                .setResourceType(resource.resourceType())
                                .setResourceName(resource.resourceName())
                                .setErrorCode(error.error().code())
                                .setErrorMessage(error.message())));
        return Future.succeededFuture(response);
    }

    Future<IncrementalAlterConfigsResponseData> to(IncrementalAlterConfigsRequestData request) {
        IncrementalAlterConfigsResponseData response = new IncrementalAlterConfigsResponseData();
        request.resources()
                .forEach(resource -> response.responses()
                        .add(new IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse()
                                .setResourceType(resource.resourceType())
                                .setResourceName(resource.resourceName())
                                .setErrorCode(error.error().code())
                                .setErrorMessage(error.message())));
        return Future.succeededFuture(response);
    }

    Future<ElectLeadersResponseData> to(ElectLeadersRequestData request) {
        return Future.succeededFuture(LeaderElection.refused(request, error));
    }

    Future<AlterPartitionReassignmentsResponseData> to(AlterPartitionReassignmentsRequestData request) {
        return Future.succeededFuture(new AlterPartitionReassignmentsResponseData()
                .setAllowReplicationFactorChange(request.allowReplicationFactorChange())
                .setErrorCode(error.error().code())
                .setErrorMessage(error.message()));
    }

    Future<UpdateFeaturesResponseData> to(UpdateFeaturesRequestData request) {
        return Future.succeededFuture(FeatureUpdate.refused(error));
    }

    Future<Long> toProducerId() {
        return Future.failedFuture(error.exception());
    }
}
