package io.penstock.core.partition;

import io.penstock.core.dedup.MessageIds;
import io.penstock.core.dedup.Screening;
import io.penstock.core.partition.AppendResult.RecordError;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What {@link BatchValidator} thinks of a batch. Immutable. */
public sealed interface BatchVerdict {

    /**
     * The batch may be appended.
     *
     * @param batch what to append: the producer's own buffer, or a copy with new timestamps or compression
     * @param logAppendTimeMs time stamped by the broker, or -1 if the producer's timestamps stand
     * @param ids message ids of the records; null if the topic does not look at them or no record has one
     * @param screening what the ids mean, once the partition has looked them up; then {@code batch} has no duplicates any more
     */
    record Valid(
            ByteBuffer batch,
            long logAppendTimeMs,
            @Nullable MessageIds ids,
            @Nullable Screening screening) implements BatchVerdict {
        /** A batch without message ids. */
        public Valid(ByteBuffer batch, long logAppendTimeMs) {
            this(batch, logAppendTimeMs, null, null);
        }

        /** With the message ids of its records. */
        Valid with(MessageIds itsIds) {
            return new Valid(batch, logAppendTimeMs, itsIds, null);
        }

        /** With what is left of it after the ids were looked up. */
        public Valid with(Screening itsScreening, ByteBuffer left) {
            return new Valid(left, logAppendTimeMs, ids, itsScreening);
        }
    }

    /** The batch must not be appended. */
    record Refused(Errors error, String message, List<RecordError> recordErrors) implements BatchVerdict {
        public Refused {
            recordErrors = List.copyOf(recordErrors);
        }
    }

    /** Judging the batch takes more work than was allowed: ask again with more, not on an event loop. */
    enum TooMuchWork implements BatchVerdict {
        INSTANCE
    }

    /** A refusal of the batch as a whole. */
    static BatchVerdict refused(Errors error, String message) {
        return new Refused(error, message, List.of());
    }
}
