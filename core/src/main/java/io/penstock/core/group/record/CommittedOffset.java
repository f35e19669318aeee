package io.penstock.core.group.record;

import org.apache.kafka.common.Uuid;

/**
 * How far a group has come in one partition.
 *
 * @param offset the next record to consume
 * @param leaderEpoch epoch of the last record consumed, {@link #NO_EPOCH} if the consumer did not say
 * @param metadata the consumer's own text; may be empty
 * @param commitTimeMs wall-clock time of the commit
 * @param expireTimeMs when an old client wants it forgotten, {@link #NO_EXPIRY} if the broker's retention decides
 * @param topicId the topic it was committed for; zero if that is not known, as in records of old brokers
 */
public record CommittedOffset(
        long offset, int leaderEpoch, String metadata, long commitTimeMs, long expireTimeMs, Uuid topicId) {
    public static final int NO_EPOCH = -1;
    public static final long NO_EXPIRY = -1;

    /** Whether it was committed for a topic of that id, as far as either is known. */
    public boolean isForTopic(Uuid id) {
        return topicId.equals(Uuid.ZERO_UUID) || id.equals(Uuid.ZERO_UUID) || topicId.equals(id);
    }
}
