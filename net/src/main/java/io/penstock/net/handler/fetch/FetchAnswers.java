package io.penstock.net.handler.fetch;

import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.partition.FetchResult;
import io.penstock.net.handler.BrokerAddress;
import io.penstock.net.handler.ClusterView;
import io.penstock.net.handler.ErrorCodes;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.wire.SlicedRecords;
import io.penstock.storage.AbortedTransaction;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpoint;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpointCollection;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/** Turns what partitions answered into what a client of one version understands. Lives for one answer. */
final class FetchAnswers {
    private static final short FIRST_DIVERGING_EPOCH_VERSION = 12;
    private static final short FIRST_LEADER_HINT_VERSION = 16;

    private final int nodeId;
    private final MetadataImage image;
    private final KafkaRequest request;
    private final NodeEndpointCollection leaderEndpoints = new NodeEndpointCollection();

    FetchAnswers(int nodeId, MetadataImage image, KafkaRequest request) {
        this.nodeId = nodeId;
        this.image = image;
        this.request = request;
    }

    /** Takes over the records of {@code result}. */
    PartitionAnswer answer(PartitionKey key, FetchResult result) {
        PartitionData data = new PartitionData()
                .setPartitionIndex(key.index())
                .setErrorCode(
                        ErrorCodes.ofFetch(result.error(), request.version()).code())
                .setHighWatermark(result.highWatermark())
                .setLastStableOffset(result.lastStableOffset())
                .setLogStartOffset(result.logStartOffset())
                .setAbortedTransactions(aborted(result.abortedTransactions()))
                .setRecords(records(result));
        addDivergingEpoch(data, result);
        addLeaderHint(data, result);
        return new PartitionAnswer(key, data);
    }

    /** Addresses of all leaders that answers so far have hinted at. */
    NodeEndpointCollection leaderEndpoints() {
        return leaderEndpoints;
    }

    private static BaseRecords records(FetchResult result) {
        if (result.records().sizeBytes() == 0) {
            result.records().release();
            return MemoryRecords.EMPTY;
        }
        return new SlicedRecords(result.records());
    }

    private static @Nullable List<FetchResponseData.AbortedTransaction> aborted(
            @Nullable List<AbortedTransaction> transactions) {
        if (transactions == null) {
            return null;
        }
        List<FetchResponseData.AbortedTransaction> aborted = new ArrayList<>(transactions.size());
        for (AbortedTransaction transaction : transactions) {
            aborted.add(new FetchResponseData.AbortedTransaction()
                    .setProducerId(transaction.producerId())
                    .setFirstOffset(transaction.firstOffset()));
        }
        return aborted;
    }

    private void addDivergingEpoch(PartitionData data, FetchResult result) {
        FetchResult.DivergingEpoch diverging = result.diverging();
        if (diverging != null && request.version() >= FIRST_DIVERGING_EPOCH_VERSION) {
            data.setDivergingEpoch(
                    new EpochEndOffset().setEpoch(diverging.epoch()).setEndOffset(diverging.endOffset()));
        }
    }

    private void addLeaderHint(PartitionData data, FetchResult result) {
        boolean aboutLeader =
                result.error() == Errors.NOT_LEADER_OR_FOLLOWER || result.error() == Errors.FENCED_LEADER_EPOCH;
        if (!aboutLeader || result.leaderId() < 0 || request.version() < FIRST_LEADER_HINT_VERSION) {
            return;
        }
        data.setCurrentLeader(
                new LeaderIdAndEpoch().setLeaderId(result.leaderId()).setLeaderEpoch(result.leaderEpoch()));
        BrokerAddress leader = new ClusterView(nodeId, image, request.connection()).broker(result.leaderId());
        if (leader != null && leaderEndpoints.find(leader.nodeId()) == null) {
            leaderEndpoints.add(new NodeEndpoint()
                    .setNodeId(leader.nodeId())
                    .setHost(leader.host())
                    .setPort(leader.port())
                    .setRack(leader.rack()));
        }
    }
}
