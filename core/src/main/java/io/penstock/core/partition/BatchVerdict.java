package io.penstock.core.partition;

import io.penstock.core.partition.AppendResult.RecordError;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** What {@link BatchValidator} thinks of a batch. Immutable. */
public sealed interface BatchVerdict {

    /**
     * The batch may be appended.
     *
     * @param batch what to append: the producer's own buffer, or a copy with new timestamps or compression
     * @param logAppendTimeMs time stamped by the broker, or -1 if the producer's timestamps stand
     */
    record Valid(ByteBuffer batch, long logAppendTimeMs) implements BatchVerdict {}

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
