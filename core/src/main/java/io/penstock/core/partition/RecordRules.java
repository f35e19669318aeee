package io.penstock.core.partition;

import io.penstock.core.partition.AppendResult.RecordError;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * Judges the records of one batch one by one: place, key and timestamp. Allocates only for records that break a rule.
 *
 * <p>Owned by one {@link BatchValidator}, which resets it for every batch.
 */
final class RecordRules {
    /** More broken records than this are not listed: the answer stays small, the batch is refused all the same. */
    static final int MAX_RECORD_ERRORS = 1_000;

    private static final long NO_TIMESTAMP = -1;

    private PartitionConfig config = PartitionConfig.DEFAULT;
    private boolean claimsLogAppendTime;
    private long nowMs;
    private long maxTimestampMs;
    private final List<RecordError> errors = new ArrayList<>();
    private boolean badTimestamp;

    /** Starts on a batch. */
    void start(PartitionConfig config, boolean claimsLogAppendTime, long nowMs) {
        this.config = config;
        this.claimsLogAppendTime = claimsLogAppendTime;
        this.nowMs = nowMs;
        maxTimestampMs = NO_TIMESTAMP;
        badTimestamp = false;
        errors.clear();
    }

    /** Looks at the next record. */
    void see(int index, int offsetDelta, long timestampMs, boolean hasKey) {
        if (offsetDelta != index) {
            throw BadRecordsException.invalid(
                    "Record " + index + " has offset delta " + offsetDelta + "; they must count up from 0");
        }
        maxTimestampMs = Math.max(maxTimestampMs, timestampMs);
        if ((config.compacted() && !hasKey) || claimsLogAppendTime || isWrong(timestampMs)) {
            addBroken(index, timestampMs, hasKey);
        }
    }

    private boolean isWrong(long timestampMs) {
        return timestampMs < NO_TIMESTAMP
                || (!config.logAppendTime() && timestampMs != NO_TIMESTAMP && isOutOfRange(timestampMs));
    }

    /** Says which rule the record breaks: the first one, in Kafka's order. */
    private void addBroken(int index, long timestampMs, boolean hasKey) {
        if (config.compacted() && !hasKey) {
            add(index, "Compacted topic cannot accept message without key");
            return;
        }
        badTimestamp = true;
        if (claimsLogAppendTime) {
            add(index, "Producer should not set timestamp type to LogAppendTime");
        } else if (timestampMs < NO_TIMESTAMP) {
            add(index, "Invalid negative timestamp " + timestampMs);
        } else {
            add(
                    index,
                    "Timestamp " + timestampMs + " is out of range: it should be within ["
                            + (nowMs - config.timestampBeforeMaxMs()) + ", " + (nowMs + config.timestampAfterMaxMs())
                            + "]");
        }
    }

    /** Kafka's own arithmetic, overflow included. */
    private boolean isOutOfRange(long timestampMs) {
        long ageMs = nowMs - timestampMs;
        return ageMs > config.timestampBeforeMaxMs() || -1 * ageMs > config.timestampAfterMaxMs();
    }

    private void add(int index, String message) {
        if (errors.size() < MAX_RECORD_ERRORS) {
            errors.add(new RecordError(index, message));
        }
    }

    boolean isBroken() {
        return !errors.isEmpty();
    }

    BatchVerdict.Refused refusal() {
        return badTimestamp
                ? new BatchVerdict.Refused(
                        Errors.INVALID_TIMESTAMP,
                        "One or more records have been rejected due to invalid timestamp",
                        errors)
                : new BatchVerdict.Refused(
                        Errors.INVALID_RECORD,
                        "One or more records have been rejected due to " + errors.size() + " record errors",
                        errors);
    }

    /** Largest timestamp seen, -1 if no record has one. */
    long maxTimestampMs() {
        return maxTimestampMs;
    }
}
