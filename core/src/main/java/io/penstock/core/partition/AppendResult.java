package io.penstock.core.partition;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What became of an append.
 *
 * @param baseOffset offset of the first record (of the original for a duplicate); -1 on error
 * @param lastOffset offset of the last record, inclusive; -1 on error
 * @param logAppendTimeMs time stamped by the broker, -1 unless the topic uses LogAppendTime
 * @param recordErrors the records that made the batch unacceptable, by index
 * @param errorMessage for humans; null if the error code says it all
 * @param leaderId current leader if the error is about leadership, else -1
 * @param leaderEpoch epoch of that leader, else -1
 */
public record AppendResult(
        Errors error,
        long baseOffset,
        long lastOffset,
        long logAppendTimeMs,
        long logStartOffset,
        List<RecordError> recordErrors,
        @Nullable String errorMessage,
        int leaderId,
        int leaderEpoch) {

    /** One unacceptable record. */
    public record RecordError(int batchIndex, @Nullable String message) {}

    /** The batch is in the log, or was already. */
    public static AppendResult appended(long baseOffset, long lastOffset, long logAppendTimeMs, long logStartOffset) {
        return new AppendResult(
                Errors.NONE, baseOffset, lastOffset, logAppendTimeMs, logStartOffset, List.of(), null, -1, -1);
    }

    /** The batch was not acknowledged; unless the code is one of the after-append ones, it was not written. */
    public static AppendResult refused(Errors error, @Nullable String message) {
        return new AppendResult(error, -1, -1, -1, -1, List.of(), message, -1, -1);
    }
}
