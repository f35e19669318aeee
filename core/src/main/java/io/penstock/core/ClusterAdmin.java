package io.penstock.core;

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

/**
 * Changes of cluster metadata. Takes and returns Kafka's version-free message data. Refusals are error codes inside the
 * answers; a failed future is a bug or a broken disk. Answers come after the change is durable and visible in
 * {@link BrokerKernel#metadata}. Call it on a Vert.x context; futures complete on that context.
 */
public interface ClusterAdmin {
    /** Creates topics, each on its own: one bad topic does not stop the others. Entries repeated by name are refused. */
    default Future<CreateTopicsResponseData> createTopics(CreateTopicsRequestData request) {
        return createTopics(request, MutationQuota.UNLIMITED);
    }

    /** The same within a quota; a topic beyond it is answered THROTTLING_QUOTA_EXCEEDED. */
    Future<CreateTopicsResponseData> createTopics(CreateTopicsRequestData request, MutationQuota quota);

    /** Creates one topic with the broker's defaults because a client asked for its metadata. */
    Future<CreateTopicsResponseData.CreatableTopicResult> autoCreateTopic(String name);

    /** Deletes topics by name or by id ({@code topics} of v6, {@code topicNames} of older versions). */
    default Future<DeleteTopicsResponseData> deleteTopics(DeleteTopicsRequestData request) {
        return deleteTopics(request, MutationQuota.UNLIMITED);
    }

    /** The same within a quota; a topic beyond it is answered THROTTLING_QUOTA_EXCEEDED. */
    Future<DeleteTopicsResponseData> deleteTopics(DeleteTopicsRequestData request, MutationQuota quota);

    /** Adds partitions to topics. */
    default Future<CreatePartitionsResponseData> createPartitions(CreatePartitionsRequestData request) {
        return createPartitions(request, MutationQuota.UNLIMITED);
    }

    /** The same within a quota; a topic beyond it is answered THROTTLING_QUOTA_EXCEEDED. */
    Future<CreatePartitionsResponseData> createPartitions(CreatePartitionsRequestData request, MutationQuota quota);

    /** Sets and takes away client quotas. Host names in it are resolved, so it may take as long as that does. */
    Future<AlterClientQuotasResponseData> alterClientQuotas(AlterClientQuotasRequestData request);

    /** Replaces all dynamic configuration of the named resources. */
    Future<AlterConfigsResponseData> alterConfigs(AlterConfigsRequestData request);

    /** Sets, deletes, appends to and subtracts from dynamic configuration. */
    Future<IncrementalAlterConfigsResponseData> incrementalAlterConfigs(IncrementalAlterConfigsRequestData request);

    /** All configuration of the named resources, with sources and synonyms. Answered from the current image. */
    DescribeConfigsResponseData describeConfigs(DescribeConfigsRequestData request);

    /** Gives partitions to the leaders that they should have, each on its own. */
    Future<ElectLeadersResponseData> electLeaders(ElectLeadersRequestData request);

    /** Gives partitions other replicas, each on its own. */
    Future<AlterPartitionReassignmentsResponseData> alterPartitionReassignments(
            AlterPartitionReassignmentsRequestData request);

    /** Changes the levels of cluster features, all or none. */
    Future<UpdateFeaturesResponseData> updateFeatures(UpdateFeaturesRequestData request);

    /** A producer id that was never given before, also across crashes. */
    Future<Long> nextProducerId();
}
