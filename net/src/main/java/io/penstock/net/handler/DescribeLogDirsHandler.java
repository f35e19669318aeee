package io.penstock.net.handler;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers DescribeLogDirs: the one data directory, the room on its volume, and the size of each log in it. Stateless. */
final class DescribeLogDirsHandler implements ApiHandler {
    private static final Logger LOGGER = LoggerFactory.getLogger(DescribeLogDirsHandler.class);

    private final BrokerKernel kernel;
    private final String directory;
    private final Supplier<Future<DiskSpace>> diskSpace;

    /**
     * @param directory null if the logs are only in memory
     * @param diskSpace asks the file system off the event loop
     */
    DescribeLogDirsHandler(BrokerKernel kernel, @Nullable Path directory, Supplier<Future<DiskSpace>> diskSpace) {
        this.kernel = kernel;
        this.directory = LogDirectory.name(directory);
        this.diskSpace = diskSpace;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_LOG_DIRS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        List<LogSizes.Named> partitions = partitions(request.data(DescribeLogDirsRequestData.class));
        diskSpace.get().onComplete(probed -> {
            if (probed.failed()) {
                LOGGER.warn("Cannot tell the room on the volume of {}", directory, probed.cause());
                responder.send(answer(new DescribeLogDirsResult()
                        .setLogDir(directory)
                        .setErrorCode(Errors.KAFKA_STORAGE_ERROR.code())));
                return;
            }
            DiskSpace space = probed.result();
            new LogSizes(kernel.partitions(), partitions)
                    .collect(topics -> responder.send(answer(new DescribeLogDirsResult()
                            .setLogDir(directory)
                            .setTopics(topics)
                            .setTotalBytes(space.totalBytes())
                            .setUsableBytes(space.usableBytes()))));
        });
    }

    private static DescribeLogDirsResponseData answer(DescribeLogDirsResult result) {
        return new DescribeLogDirsResponseData().setResults(List.of(result));
    }

    private List<LogSizes.Named> partitions(DescribeLogDirsRequestData data) {
        MetadataImage image = kernel.metadata();
        List<LogSizes.Named> partitions = new ArrayList<>();
        if (data.topics() == null) {
            for (TopicImage topic : image.topics()) {
                topic.partitions().forEach(partition -> addIfHere(partitions, topic, partition));
            }
        } else {
            TopicLookup lookup = TopicLookup.byName(image);
            for (DescribableLogDirTopic asked : data.topics()) {
                addAsked(partitions, lookup, asked);
            }
        }
        return partitions;
    }

    private void addAsked(List<LogSizes.Named> partitions, TopicLookup lookup, DescribableLogDirTopic asked) {
        TopicImage topic = lookup.topic(asked.topic());
        Set<Integer> indexes = new LinkedHashSet<>(asked.partitions());
        for (int index : indexes) {
            PartitionImage partition = lookup.partition(topic, index);
            if (topic != null && partition != null) {
                addIfHere(partitions, topic, partition);
            }
        }
    }

    private void addIfHere(List<LogSizes.Named> partitions, TopicImage topic, PartitionImage partition) {
        if (partition.replicas().contains(kernel.nodeId())) {
            partitions.add(new LogSizes.Named(topic.name(), partition.id()));
        }
    }
}
