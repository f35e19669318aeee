package io.penstock.core.group;

/** What the version of a request to commit offsets says of the client. */
public enum CommitCaller {
    /** May say a member epoch in the place of a generation: OffsetCommit since version 9. */
    KNOWS_MEMBER_EPOCHS,
    /** Knows nothing but generations, so it cannot be a member of the consumer protocol. */
    KNOWS_GENERATIONS
}
