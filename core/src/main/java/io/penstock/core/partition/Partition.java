package io.penstock.core.partition;

import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.ReplicaRole.Leader;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.producer.ProducerStates;
import io.penstock.storage.producer.ProducerStates.SequenceCheck;
import io.penstock.storage.producer.ProducerStates.Verdict;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One partition as a state machine: who leads it, what may be appended, how far readers may see. Pure: decisions change nothing,
 * the {@code replay…} methods take over what the log has done and are the only ones that move offsets.
 *
 * <pre>
 * log start ≤ last stable offset ≤ high watermark ≤ log end          synced ≤ log end
 * high watermark = the least end offset of all in-sync replicas; this one counts up to its synced offset if every record is
 *                  synced; stands still while fewer replicas are in sync than the settings ask for
 * </pre>
 *
 * <p>Owned by one {@code PartitionVerticle}.
 */
public final class Partition {
    private final int nodeId;
    private ReplicaRole role;
    private PartitionConfig config;

    private boolean opened;
    private long logStartOffset = -1;
    private long logEndOffset = -1;
    private long highWatermark = -1;
    private long lastStableOffset = -1;
    /** Log end when this broker became leader of the epoch; "latest" is not known while the high watermark is below it. */
    private long epochStartOffset = -1;
    /** Records appended since the last sync was asked for. */
    private long unflushedMessages;

    public Partition(PartitionImage image, int nodeId, PartitionConfig config) {
        this.nodeId = nodeId;
        this.role = ReplicaRole.of(image, nodeId);
        this.config = config;
    }

    // ---- leadership

    public ReplicaRole role() {
        return role;
    }

    public PartitionConfig config() {
        return config;
    }

    public boolean isLeader() {
        return role instanceof Leader;
    }

    public int leaderEpoch() {
        return role.leaderEpoch();
    }

    /** What a client's leader epoch (-1: it does not say) and our own role mean for a request that only the leader may answer. */
    public Errors checkLeader(int currentLeaderEpoch) {
        if (currentLeaderEpoch >= 0 && currentLeaderEpoch < role.leaderEpoch()) {
            return Errors.FENCED_LEADER_EPOCH;
        }
        if (currentLeaderEpoch > role.leaderEpoch()) {
            return Errors.UNKNOWN_LEADER_EPOCH;
        }
        return isLeader() ? Errors.NONE : Errors.NOT_LEADER_OR_FOLLOWER;
    }

    /**
     * Takes a newer image over.
     *
     * @return whether leader or leader epoch changed, so that everything that waits must be sent away; an older image is ignored
     */
    public boolean replayImage(PartitionImage image) {
        if (image.leaderEpoch() < role.leaderEpoch()) {
            return false;
        }
        if (image.leaderEpoch() == role.leaderEpoch() && image.leader() == role.leaderId()) {
            if (role instanceof Leader leader) {
                leader.isr().onImage(image);
            }
            return false;
        }
        role = ReplicaRole.of(image, nodeId);
        epochStartOffset = logEndOffset;
        return true;
    }

    /** Takes changed settings over. */
    public void replayConfig(PartitionConfig newConfig) {
        config = newConfig;
    }

    // ---- decisions about appends

    /** Whether an append is refused before its records are looked at; null if not. */
    public @Nullable AppendResult refuseAppend(AppendRequest request) {
        if (request.acks() < -1 || request.acks() > 1) {
            return AppendResult.refused(Errors.INVALID_REQUIRED_ACKS, null);
        }
        if (!(role instanceof Leader leader)) {
            return notLeader();
        }
        AppendResult unsafe = DeliveryRules.refuseAcks(request, config.delivery());
        if (unsafe != null) {
            return unsafe;
        }
        if (request.origin() == Origin.REPLICATION) {
            return AppendResult.refused(Errors.INVALID_REQUEST, "The leader does not replicate from others");
        }
        return requiredAcks(request) == -1 && leader.isr().isBelow(config.minInsyncReplicas())
                ? AppendResult.refused(
                        Errors.NOT_ENOUGH_REPLICAS,
                        "The size of the current ISR " + leader.isr().inSyncCount()
                                + " is insufficient to satisfy the min.isr requirement of "
                                + config.minInsyncReplicas())
                : null;
    }

    /** What an append has to wait for, as acks: at least what was asked for. */
    public short requiredAcks(AppendRequest request) {
        return DeliveryRules.requiredAcks(request, config.delivery());
    }

    /** The refusal that names the current leader. */
    public AppendResult notLeader() {
        return new AppendResult(
                Errors.NOT_LEADER_OR_FOLLOWER, -1, -1, -1, -1, List.of(), null, role.leaderId(), role.leaderEpoch());
    }

    /** Whether the log knows of an open transaction of that producer and epoch. */
    public static boolean isInTransaction(TransactionBatch batch, ProducerStates producers) {
        return ProducerRules.isInTransaction(producers.find(batch.producerId()), batch.producerEpoch());
    }

    /**
     * Whether a valid batch is not appended after all, because of what its producer wrote before.
     *
     * @param admission what the transaction coordinator has said about the producer; null if it was not asked
     * @param isTrusted whether this transaction needs nobody's admission
     * @return null if it is to be appended; else the answer, of which only a duplicate's has no error
     */
    public @Nullable AppendResult checkProducer(
            ByteBuffer batch,
            AppendRequest request,
            ProducerStates producers,
            @Nullable TransactionAdmission admission,
            boolean isTrusted) {
        int at = batch.position();
        Origin origin = request.origin();
        if (!BatchHeader.hasProducerId(batch, at)) {
            return BatchHeader.isTransactional(batch, at) && origin == Origin.CLIENT
                    ? ProducerRules.notInTransaction()
                    : null;
        }
        long producerId = BatchHeader.producerId(batch, at);
        if (BatchHeader.isControl(batch, at)) {
            return ProducerRules.refuseMarker(batch, request.markerVersion(), producers.find(producerId));
        }
        SequenceCheck check = producers.check(
                producerId,
                BatchHeader.producerEpoch(batch, at),
                BatchHeader.baseSequence(batch, at),
                BatchHeader.lastSequence(batch, at),
                origin == Origin.CLIENT);
        if (check.verdict() == Verdict.DUPLICATE) {
            return duplicate(check, BatchHeader.lastOffsetDelta(batch, at));
        }
        // Looking it up makes an object, which most batches can do without.
        boolean mayBeInTransaction = BatchHeader.isTransactional(batch, at)
                || admission != null
                || producers.firstOpenTransactionOffset() >= 0;
        return ProducerRules.refuseRecords(
                batch,
                origin,
                check.verdict(),
                mayBeInTransaction ? producers.find(producerId) : null,
                admission,
                isTrusted);
    }

    private AppendResult duplicate(SequenceCheck check, int lastOffsetDelta) {
        return AppendResult.appended(
                check.originalBaseOffset(),
                check.originalBaseOffset() + lastOffsetDelta,
                config.logAppendTime() ? check.originalTimestampMs() : -1,
                logStartOffset);
    }

    /** Whether in-sync replicas went away between an append and the moment at which the high watermark passed it. */
    public boolean lacksReplicas() {
        return role instanceof Leader leader && leader.isr().isBelow(config.minInsyncReplicas());
    }

    /** Whether the settings ask for a sync now. Call after {@link #replayAppended}; then {@link #replaySyncAsked}. */
    public boolean wantsSync() {
        return unflushedMessages >= config.flushMessages();
    }

    // ---- replay: what the log has done

    /** The log is gone for now, and may come back shorter: its offsets are not known until it is opened again. */
    public void replayLost() {
        opened = false;
    }

    /** The log was opened, perhaps again. */
    public void replayOpened(PartitionLog log) {
        opened = true;
        unflushedMessages = 0;
        epochStartOffset = log.endOffset();
        // A log that came back shorter (torn tail) takes the high watermark along.
        highWatermark = Math.min(highWatermark, log.endOffset());
        lastStableOffset = -1;
        replayMoved(log);
    }

    /** The log has appended a batch of so many records. */
    public void replayAppended(PartitionLog log, int recordCount) {
        unflushedMessages += recordCount;
        replayMoved(log);
    }

    /** A sync that covers everything appended so far has been asked for. */
    public void replaySyncAsked() {
        unflushedMessages = 0;
    }

    /** The log's start, end or synced offset, or a replica, has moved. */
    public void replayMoved(PartitionLog log) {
        logStartOffset = log.startOffset();
        logEndOffset = log.endOffset();
        if (role instanceof Leader leader && !lacksReplicas()) {
            long local = config.syncsEveryRecord() ? Math.min(log.syncedOffset(), logEndOffset) : logEndOffset;
            highWatermark = Math.max(highWatermark, leader.isr().commonEndOffset(local));
        }
        highWatermark = Math.max(highWatermark, logStartOffset);
        lastStableOffset = Math.max(log.producers().lastStableOffset(highWatermark), logStartOffset);
    }

    // ---- what readers may see

    /** Whether the log's offsets are known: it was opened, and not lost since. */
    public boolean isOpened() {
        return opened;
    }

    public long logStartOffset() {
        return logStartOffset;
    }

    public long logEndOffset() {
        return logEndOffset;
    }

    public long highWatermark() {
        return highWatermark;
    }

    public long lastStableOffset() {
        return lastStableOffset;
    }

    /** One past the last record that a reader may see. */
    public long visibleEndOffset(boolean readCommitted) {
        return seesCommittedOnly(readCommitted) ? lastStableOffset : highWatermark;
    }

    /** Whether a reader sees only what was committed: because it asks for that, or because nobody sees more here. */
    public boolean seesCommittedOnly(boolean readCommitted) {
        return readCommitted || hidesAborted();
    }

    /** Whether records of aborted transactions are served to nobody, whatever they ask for. */
    public boolean hidesAborted() {
        return config.delivery().exactlyOnce();
    }

    /** Whether the end is not yet known to readers because a new leader's high watermark still lags behind its epoch's start. */
    public boolean isEndUnknown() {
        return highWatermark < epochStartOffset;
    }
}
