package io.penstock.net.handler;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.OffsetQuery;
import io.penstock.core.partition.OffsetResult;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Answers ListOffsets: offsets by time or by one of the special marks, with one question to each partition. A partition named twice is
 * refused and answered once. Stateless.
 */
final class ListOffsetsHandler implements ApiHandler {
    private static final byte READ_COMMITTED = 1;
    private static final short FIRST_LEADER_EPOCH_VERSION = 4;

    private final BrokerKernel kernel;

    ListOffsetsHandler(BrokerKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.LIST_OFFSETS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        new Call(kernel, request, responder).run();
    }

    /** Whether a client of this version may ask with this timestamp: new negative marks came one by one. */
    static boolean isAskable(long timestamp, short version) {
        if (timestamp >= 0) {
            return true;
        }
        return switch ((int) Math.max(timestamp, -100)) {
            case -1, -2 -> true; // latest, earliest
            case -3 -> version >= 7; // largest timestamp
            case -4 -> version >= 8; // earliest local
            case -5 -> version >= 9; // latest tiered
            case -6 -> version >= 11; // earliest pending upload
            default -> false;
        };
    }

    /** One request. Owned by the connection's event loop. */
    private static final class Call {
        private final BrokerKernel kernel;
        private final ListOffsetsRequestData data;
        private final short version;
        private final TopicLookup lookup;
        private final Map<TopicPartition, Integer> timesNamed = new HashMap<>();
        private final ListOffsetsResponseData response = new ListOffsetsResponseData();
        private final Outstanding outstanding;

        Call(BrokerKernel kernel, KafkaRequest request, Responder responder) {
            this.kernel = kernel;
            this.data = request.data(ListOffsetsRequestData.class);
            this.version = request.version();
            this.lookup = TopicLookup.byName(kernel.metadata());
            this.outstanding = new Outstanding(() -> responder.send(response));
        }

        void run() {
            for (ListOffsetsTopic topic : data.topics()) {
                for (ListOffsetsPartition asked : topic.partitions()) {
                    timesNamed.merge(partitionOf(topic, asked), 1, Integer::sum);
                }
            }
            data.topics().forEach(this::answerTopic);
            outstanding.allAsked();
        }

        private static TopicPartition partitionOf(ListOffsetsTopic topic, ListOffsetsPartition asked) {
            return new TopicPartition(topic.name(), asked.partitionIndex());
        }

        private void answerTopic(ListOffsetsTopic topic) {
            ListOffsetsTopicResponse answers = new ListOffsetsTopicResponse().setName(topic.name());
            TopicImage image = lookup.topic(topic.name());
            for (ListOffsetsPartition asked : topic.partitions()) {
                // Absent when it was named before: then the refusal stands there already.
                Integer times = timesNamed.remove(partitionOf(topic, asked));
                if (times != null) {
                    ListOffsetsPartitionResponse answer =
                            new ListOffsetsPartitionResponse().setPartitionIndex(asked.partitionIndex());
                    answers.partitions().add(answer);
                    Errors refusal = times > 1 ? Errors.INVALID_REQUEST : Errors.NONE;
                    answerPartition(answer, asked, image, refusal);
                }
            }
            response.topics().add(answers);
        }

        private void answerPartition(
                ListOffsetsPartitionResponse answer,
                ListOffsetsPartition asked,
                @Nullable TopicImage topic,
                Errors refusal) {
            PartitionImage partition = lookup.partition(topic, asked.partitionIndex());
            if (refusal != Errors.NONE) {
                answer.setErrorCode(refusal.code());
            } else if (!isAskable(asked.timestamp(), version)) {
                answer.setErrorCode(Errors.UNSUPPORTED_VERSION.code());
            } else if (partition == null) {
                answer.setErrorCode(lookup.unknown(topic).code());
            } else {
                ask(answer, asked, partition);
            }
        }

        private void ask(ListOffsetsPartitionResponse answer, ListOffsetsPartition asked, PartitionImage partition) {
            boolean readCommitted = data.isolationLevel() == READ_COMMITTED;
            OffsetQuery query = new OffsetQuery(asked.timestamp(), asked.currentLeaderEpoch(), readCommitted);
            outstanding.expect();
            kernel.partitions().listOffset(partition.id(), query, result -> {
                fill(answer, result);
                outstanding.arrived();
            });
        }

        private void fill(ListOffsetsPartitionResponse answer, OffsetResult result) {
            answer.setErrorCode(
                    ErrorCodes.ofListOffsets(result.error(), version).code());
            if (result.error() == Errors.NONE) {
                answer.setTimestamp(result.timestampMs()).setOffset(result.offset());
                if (version >= FIRST_LEADER_EPOCH_VERSION) {
                    answer.setLeaderEpoch(result.leaderEpoch());
                }
            }
        }
    }
}
