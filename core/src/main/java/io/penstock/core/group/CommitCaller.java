package io.penstock.core.group;

import org.apache.kafka.common.message.OffsetCommitRequestData;

/** What the kind and version of a request to commit offsets say of the client. */
public enum CommitCaller {
    /** May say a member epoch in the place of a generation: OffsetCommit since version 9. */
    KNOWS_MEMBER_EPOCHS,
    /** Knows nothing but generations, so it cannot be a member of the consumer protocol. */
    KNOWS_GENERATIONS,
    /** A producer, which commits for a consumer in a transaction: TxnOffsetCommit. It may say a member epoch, or no member at all. */
    IN_TRANSACTION;

    private static final int NO_EPOCH = -1;

    /** Whether nobody is named for whom a producer commits: then no member is checked, whoever is in the group. */
    boolean isUnchecked(OffsetCommitRequestData request) {
        return this == IN_TRANSACTION
                && request.generationIdOrMemberEpoch() == NO_EPOCH
                && request.memberId().isEmpty()
                && request.groupInstanceId() == null;
    }
}
