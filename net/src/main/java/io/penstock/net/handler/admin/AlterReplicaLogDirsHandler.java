package io.penstock.net.handler.admin;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.net.handler.TopicLookup;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirPartitionResult;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Answers AlterReplicaLogDirs: there is one log directory, so a log is where it is wanted or can never be. Stateless. */
final class AlterReplicaLogDirsHandler implements ApiHandler {
    private static final int MAX_FILE_NAME = 255;

    private final BrokerKernel kernel;
    private final String directory;

    /**
     * @param directory as DescribeLogDirs names it
     */
    AlterReplicaLogDirsHandler(BrokerKernel kernel, String directory) {
        this.kernel = kernel;
        this.directory = directory;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.ALTER_REPLICA_LOG_DIRS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        AlterReplicaLogDirsResponseData response = new AlterReplicaLogDirsResponseData();
        Map<String, AlterReplicaLogDirTopicResult> results = new HashMap<>();
        for (AlterReplicaLogDir asked :
                request.data(AlterReplicaLogDirsRequestData.class).dirs()) {
            for (AlterReplicaLogDirTopic topic : asked.topics()) {
                AlterReplicaLogDirTopicResult result = results.computeIfAbsent(topic.name(), name -> {
                    AlterReplicaLogDirTopicResult first = new AlterReplicaLogDirTopicResult().setTopicName(name);
                    response.results().add(first);
                    return first;
                });
                answer(asked.path(), topic, result);
            }
        }
        responder.send(response);
    }

    private void answer(String path, AlterReplicaLogDirTopic topic, AlterReplicaLogDirTopicResult result) {
        TopicLookup lookup = TopicLookup.byName(kernel.metadata());
        for (int index : topic.partitions()) {
            PartitionImage partition = lookup.partition(lookup.topic(topic.name()), index);
            result.partitions()
                    .add(new AlterReplicaLogDirPartitionResult()
                            .setPartitionIndex(index)
                            .setErrorCode(verdict(path, topic.name(), index, partition)
                                    .code()));
        }
    }

    private Errors verdict(String path, String topic, int index, @Nullable PartitionImage partition) {
        if (nameWhileMoving(topic, index).length() > MAX_FILE_NAME) {
            return Errors.INVALID_TOPIC_EXCEPTION;
        } else if (!path.equals(directory)) {
            return Errors.LOG_DIR_NOT_FOUND;
        }
        return partition != null && partition.replicas().contains(kernel.nodeId())
                ? Errors.NONE
                : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }

    /** What Kafka calls the directory of a log while it moves; a topic for which that is too long cannot be moved. */
    private static String nameWhileMoving(String topic, int index) {
        return topic + "-" + index + "." + "0".repeat(32) + "-future";
    }
}
