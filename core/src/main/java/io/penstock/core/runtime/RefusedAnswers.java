package io.penstock.core.runtime;

import io.vertx.core.Future;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Answers to requests that are one too many: nothing was done, clients may try again. Stateless. */
final class RefusedAnswers {
    private static final short CODE = Errors.REQUEST_TIMED_OUT.code();
    private static final String MESSAGE = "Too many changes of metadata are waiting; nothing was changed.";

    private RefusedAnswers() {}

    static Future<CreateTopicsResponseData> to(CreateTopicsRequestData request) {
        CreateTopicsResponseData response = new CreateTopicsResponseData();
        request.topics().forEach(topic -> response.topics().add(topicResult(topic.name())));
        return Future.succeededFuture(response);
    }

    static Future<CreatableTopicResult> toTopic(String name) {
        return Future.succeededFuture(topicResult(name));
    }

    private static CreatableTopicResult topicResult(String name) {
        return new CreatableTopicResult().setName(name).setErrorCode(CODE).setErrorMessage(MESSAGE);
    }

    static Future<DeleteTopicsResponseData> to(DeleteTopicsRequestData request) {
        DeleteTopicsResponseData response = new DeleteTopicsResponseData();
        request.topics()
                .forEach(topic -> response.responses()
                        .add(deletion().setName(topic.name()).setTopicId(topic.topicId())));
        request.topicNames().forEach(name -> response.responses().add(deletion().setName(name)));
        return Future.succeededFuture(response);
    }

    private static DeletableTopicResult deletion() {
        return new DeletableTopicResult().setErrorCode(CODE).setErrorMessage(MESSAGE);
    }

    static Future<CreatePartitionsResponseData> to(CreatePartitionsRequestData request) {
        CreatePartitionsResponseData response = new CreatePartitionsResponseData();
        request.topics()
                .forEach(topic -> response.results()
                        .add(new CreatePartitionsResponseData.CreatePartitionsTopicResult()
                                .setName(topic.name())
                                .setErrorCode(CODE)
                                .setErrorMessage(MESSAGE)));
        return Future.succeededFuture(response);
    }

    static Future<AlterConfigsResponseData> to(AlterConfigsRequestData request) {
        AlterConfigsResponseData response = new AlterConfigsResponseData();
        request.resources()
                .forEach(resource -> response.responses()
                        .add(new AlterConfigsResponseData.AlterConfigsResourceResponse()
                                .setResourceType(resource.resourceType())
                                .setResourceName(resource.resourceName())
                                .setErrorCode(CODE)
                                .setErrorMessage(MESSAGE)));
        return Future.succeededFuture(response);
    }

    static Future<IncrementalAlterConfigsResponseData> to(IncrementalAlterConfigsRequestData request) {
        IncrementalAlterConfigsResponseData response = new IncrementalAlterConfigsResponseData();
        request.resources()
                .forEach(resource -> response.responses()
                        .add(new IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse()
                                .setResourceType(resource.resourceType())
                                .setResourceName(resource.resourceName())
                                .setErrorCode(CODE)
                                .setErrorMessage(MESSAGE)));
        return Future.succeededFuture(response);
    }

    static Future<Long> toProducerId() {
        return Future.failedFuture(new TimeoutException(MESSAGE));
    }
}
