package io.penstock.core.partition;

import io.penstock.core.dedup.MessageIds;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.AppendResult.RecordError;
import io.penstock.storage.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What clients may append to a topic under the contract {@code exactly-once}. A produce is safe if it waits for every in-sync replica, so
 * that it cannot be lost once it is acknowledged, and if the broker can tell it when it comes again: by the producer's sequence numbers
 * or by a message id in every record. The errors are ones that no client answers by trying again. Stateless.
 */
final class DeliveryRules {
    private static final short ALL = -1;

    private DeliveryRules() {}

    /** For how many replicas an append has to wait: what was asked for, or what the contract makes of it. */
    static short requiredAcks(AppendRequest request, DeliveryConfig delivery) {
        return delivery.exactlyOnce() && request.origin() == Origin.CLIENT ? ALL : request.acks();
    }

    /** Whether the acks asked for are refused; null if not. */
    static @Nullable AppendResult refuseAcks(AppendRequest request, DeliveryConfig delivery) {
        boolean unsafe = delivery.exactlyOnce()
                && !delivery.upgradesUnsafe()
                && request.origin() == Origin.CLIENT
                && request.acks() != ALL;
        return unsafe
                ? AppendResult.refused(
                        Errors.INVALID_REQUIRED_ACKS,
                        "The topic has penstock.delivery=exactly-once: it takes acks=all only, not acks="
                                + request.acks())
                : null;
    }

    /**
     * Whether a valid batch of a client is refused because nobody could tell if it comes again; null if not.
     *
     * @param ids what the records say; null if none has an id or the topic does not look
     */
    static BatchVerdict.@Nullable Refused refuseBatch(
            ByteBuffer batch, DeliveryConfig delivery, @Nullable MessageIds ids) {
        if (!delivery.exactlyOnce() || BatchHeader.hasProducerId(batch, batch.position())) {
            return null;
        }
        if (delivery.dedup() == null) {
            return new BatchVerdict.Refused(
                    Errors.INVALID_RECORD,
                    "The topic has penstock.delivery=exactly-once: it takes records of idempotent producers only "
                            + "(enable.idempotence=true)",
                    List.of());
        }
        return ids != null && ids.isComplete()
                ? null
                : new BatchVerdict.Refused(
                        Errors.INVALID_RECORD,
                        "The topic has penstock.delivery=exactly-once: its producers are idempotent "
                                + "(enable.idempotence=true) or send the header "
                                + delivery.dedup().header()
                                + " with every record",
                        recordsWithout(ids, delivery.dedup().header()));
    }

    private static List<RecordError> recordsWithout(@Nullable MessageIds ids, String header) {
        List<RecordError> errors = new ArrayList<>();
        for (int i = 0; ids != null && i < ids.recordCount() && errors.size() < RecordRules.MAX_RECORD_ERRORS; i++) {
            if (!ids.isKnown(i)) {
                errors.add(
                        new RecordError(i, "No header " + header + " with a message id, and no idempotent producer"));
            }
        }
        return errors;
    }
}
