package io.penstock.net.handler;

import io.penstock.core.ClusterAdmin;
import io.penstock.core.MutationQuota;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.internals.Topic;
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
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Creates topics in a {@link FakeCluster} and answers everything else with an empty message, remembering what it was asked. */
public final class FakeClusterAdmin implements ClusterAdmin {
    public final List<ApiMessage> asked = new ArrayList<>();
    public final List<String> autoCreated = new ArrayList<>();
    /** What auto-creation answers; NONE creates a topic of one partition. */
    public Errors autoCreateError = Errors.NONE;
    /** What deletions are answered. */
    public final DeleteTopicsResponseData deletion = new DeleteTopicsResponseData();
    /** Fails every call when set. */
    public boolean broken;

    private final FakeCluster cluster;
    private long nextProducerId = 1000;

    FakeClusterAdmin(FakeCluster cluster) {
        this.cluster = cluster;
    }

    private <T> Future<T> answer(ApiMessage request, T response) {
        asked.add(request);
        return broken
                ? Future.failedFuture(new IllegalStateException("metadata log is offline"))
                : Future.succeededFuture(response);
    }

    @Override
    public Future<CreateTopicsResponseData> createTopics(CreateTopicsRequestData request, MutationQuota quota) {
        return answer(request, new CreateTopicsResponseData());
    }

    @Override
    public Future<CreatableTopicResult> autoCreateTopic(String name) {
        autoCreated.add(name);
        if (autoCreateError == Errors.NONE && Topic.isValid(name)) {
            cluster.addTopic(name, 1);
        }
        return broken
                ? Future.failedFuture(new IllegalStateException("metadata log is offline"))
                : Future.succeededFuture(
                        new CreatableTopicResult().setName(name).setErrorCode(autoCreateError.code()));
    }

    @Override
    public Future<DeleteTopicsResponseData> deleteTopics(DeleteTopicsRequestData request, MutationQuota quota) {
        return answer(request, deletion);
    }

    @Override
    public Future<CreatePartitionsResponseData> createPartitions(
            CreatePartitionsRequestData request, MutationQuota quota) {
        return answer(request, new CreatePartitionsResponseData());
    }

    @Override
    public Future<AlterClientQuotasResponseData> alterClientQuotas(AlterClientQuotasRequestData request) {
        return answer(request, new AlterClientQuotasResponseData());
    }

    @Override
    public Future<AlterConfigsResponseData> alterConfigs(AlterConfigsRequestData request) {
        return answer(request, new AlterConfigsResponseData());
    }

    @Override
    public Future<IncrementalAlterConfigsResponseData> incrementalAlterConfigs(
            IncrementalAlterConfigsRequestData request) {
        return answer(request, new IncrementalAlterConfigsResponseData());
    }

    @Override
    public Future<ElectLeadersResponseData> electLeaders(ElectLeadersRequestData request) {
        return answer(request, new ElectLeadersResponseData());
    }

    @Override
    public Future<AlterPartitionReassignmentsResponseData> alterPartitionReassignments(
            AlterPartitionReassignmentsRequestData request) {
        return answer(request, new AlterPartitionReassignmentsResponseData());
    }

    @Override
    public Future<UpdateFeaturesResponseData> updateFeatures(UpdateFeaturesRequestData request) {
        return answer(request, new UpdateFeaturesResponseData());
    }

    @Override
    public DescribeConfigsResponseData describeConfigs(DescribeConfigsRequestData request) {
        asked.add(request);
        return new DescribeConfigsResponseData();
    }

    @Override
    public Future<Long> nextProducerId() {
        return broken
                ? Future.failedFuture(new IllegalStateException("metadata log is offline"))
                : Future.succeededFuture(nextProducerId++);
    }
}
