package io.penstock.core.runtime;

import io.penstock.core.ClusterAdmin;
import io.penstock.core.MutationQuota;
import io.penstock.core.metadata.ConfigDescriptions;
import io.penstock.core.metadata.MetadataController;
import io.penstock.core.metadata.ResourceTypes;
import io.penstock.storage.LogFullException;
import io.penstock.storage.LogOfflineException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
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
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Changes metadata through the metadata owner in this process, for a broker that is its own controller. Safe from any thread:
 * requests go to the owner's event loop, answers come back on the caller's context. At most {@value #MAX_WAITING} requests wait; those
 * beyond are answered {@link Errors#REQUEST_TIMED_OUT} at once, which clients try again.
 */
final class LocalClusterAdmin implements ClusterAdmin {
    private static final int MAX_WAITING = 10_000;

    private final Vertx vertx;
    private final Context ownerContext;
    private final MetadataOwner owner;
    private final MetadataController controller;
    private final ProducerIds producerIds;
    private final MetadataPublisher published;
    private final BrokerLoggers loggers;
    private final QuotaHosts quotaHosts;
    private final AtomicInteger waiting = new AtomicInteger();

    LocalClusterAdmin(
            Vertx vertx,
            Context ownerContext,
            MetadataOwner owner,
            MetadataController controller,
            MetadataPublisher published,
            BrokerLoggers loggers) {
        this.vertx = vertx;
        this.ownerContext = ownerContext;
        this.owner = owner;
        this.controller = controller;
        this.published = published;
        this.loggers = loggers;
        this.quotaHosts = new QuotaHosts(vertx);
        this.producerIds = new ProducerIds(
                () -> owner.submit((image, config) -> controller.allocateProducerIds(image, config.nodeId())));
    }

    @Override
    public Future<CreateTopicsResponseData> createTopics(CreateTopicsRequestData request, MutationQuota quota) {
        return ask(
                () -> owner.submit((image, config) -> controller.createTopics(image, config, request, quota)),
                refusal -> refusal.to(request));
    }

    @Override
    public Future<CreatableTopicResult> autoCreateTopic(String name) {
        return ask(
                () -> owner.submit((image, config) -> controller.autoCreateTopic(image, config, name)),
                refusal -> refusal.toTopic(name));
    }

    @Override
    public Future<DeleteTopicsResponseData> deleteTopics(DeleteTopicsRequestData request, MutationQuota quota) {
        return ask(
                () -> owner.submit((image, config) -> controller.deleteTopics(image, config, request, quota)),
                refusal -> refusal.to(request));
    }

    @Override
    public Future<CreatePartitionsResponseData> createPartitions(
            CreatePartitionsRequestData request, MutationQuota quota) {
        return ask(
                () -> owner.submit((image, config) -> controller.createPartitions(image, request, quota)),
                refusal -> refusal.to(request));
    }

    @Override
    public Future<AlterClientQuotasResponseData> alterClientQuotas(AlterClientQuotasRequestData request) {
        return quotaHosts
                .valid(request)
                .compose(hosts -> ask(
                        () -> owner.submit(
                                (image, config) -> controller.alterClientQuotas(image, request, hosts::contains)),
                        refusal -> refusal.to(request)));
    }

    @Override
    public Future<AlterConfigsResponseData> alterConfigs(AlterConfigsRequestData request) {
        return ask(
                () -> owner.submit((image, config) -> controller.alterConfigs(image, config, request)),
                refusal -> refusal.to(request));
    }

    @Override
    public Future<IncrementalAlterConfigsResponseData> incrementalAlterConfigs(
            IncrementalAlterConfigsRequestData request) {
        return ask(
                () -> owner.submit((image, config) ->
                                controller.incrementalAlterConfigs(image, config, loggers.withoutLoggers(request)))
                        .map(response -> loggers.alter(request, response)),
                refusal -> refusal.to(request));
    }

    @Override
    public DescribeConfigsResponseData describeConfigs(DescribeConfigsRequestData request) {
        ConfigDescriptions descriptions = new ConfigDescriptions(
                published.image(), published.config(), request.includeSynonyms(), request.includeDocumentation());
        DescribeConfigsResponseData response = new DescribeConfigsResponseData();
        for (DescribeConfigsResource resource : request.resources()) {
            response.results().add(describe(descriptions, resource));
        }
        return response;
    }

    private DescribeConfigsResult describe(ConfigDescriptions descriptions, DescribeConfigsResource resource) {
        return resource.resourceType() == ResourceTypes.BROKER_LOGGER
                ? loggers.describe(resource)
                : descriptions.describe(resource);
    }

    @Override
    public Future<ElectLeadersResponseData> electLeaders(ElectLeadersRequestData request) {
        return ask(
                () -> owner.submit((image, config) -> controller.electLeaders(image, request)),
                refusal -> refusal.to(request));
    }

    @Override
    public Future<AlterPartitionReassignmentsResponseData> alterPartitionReassignments(
            AlterPartitionReassignmentsRequestData request) {
        return ask(
                () -> owner.submit((image, config) -> controller.alterPartitionReassignments(image, request)),
                refusal -> refusal.to(request));
    }

    @Override
    public Future<UpdateFeaturesResponseData> updateFeatures(UpdateFeaturesRequestData request) {
        return ask(
                () -> owner.submit((image, config) -> controller.updateFeatures(image, config.nodeId(), request)),
                refusal -> refusal.to(request));
    }

    @Override
    public Future<Long> nextProducerId() {
        return ask(producerIds::next, RefusedAnswers::toProducerId);
    }

    /** Runs a question on the owner's event loop and brings the answer back. */
    private <T> Future<T> ask(Supplier<Future<T>> question, Function<RefusedAnswers, Future<T>> refused) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            return refused.apply(RefusedAnswers.TOO_MANY);
        }
        ContextInternal caller = (ContextInternal) vertx.getOrCreateContext();
        Promise<T> answer = caller.promise();
        ownerContext.runOnContext(turn -> Future.succeededFuture()
                .compose(start -> question.get())
                .recover(failure -> isAboutStorage(failure)
                        ? refused.apply(RefusedAnswers.NO_STORAGE)
                        : Future.failedFuture(failure))
                .onComplete(done -> {
                    waiting.decrementAndGet();
                    answer.handle(done);
                }));
        return answer.future();
    }

    private static boolean isAboutStorage(Throwable failure) {
        return failure instanceof LogFullException || failure instanceof LogOfflineException;
    }
}
