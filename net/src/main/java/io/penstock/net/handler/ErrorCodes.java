package io.penstock.net.handler;

import org.apache.kafka.common.protocol.Errors;

/** Error codes that a client of an old version does not know, and what it must be told instead. Stateless. */
public final class ErrorCodes {
    private static final short FIRST_STORAGE_ERROR_FETCH = 6;
    private static final short FIRST_OFFSET_NOT_AVAILABLE_LIST_OFFSETS = 5;
    private static final short FIRST_LISTENER_NOT_FOUND_METADATA = 6;
    private static final short FIRST_TOPIC_DELETION_DISABLED = 3;

    private static final short FIRST_TRANSACTION_ABORTABLE_PRODUCE = 11;
    private static final short FIRST_GROUP_ID_NOT_FOUND_COMMIT = 9;

    private static final short FIRST_LOADING_TXN_COMMIT = 2;
    private static final short FIRST_ABORTABLE_TXN_COMMIT = 4;

    private ErrorCodes() {}

    /** Old consumers take a storage error for fatal; they ask for the new leader and try again when told this. */
    public static Errors ofFetch(Errors error, short version) {
        if (error == Errors.KAFKA_STORAGE_ERROR && version < FIRST_STORAGE_ERROR_FETCH) {
            return Errors.NOT_LEADER_OR_FOLLOWER;
        }
        return version < TopicLookup.FIRST_TOPIC_ID_FETCH ? ofNamedTopic(error) : error;
    }

    /** Producers that cannot be told to abort are told what makes them: that there is no such transaction. */
    static Errors ofProduce(Errors error, short version) {
        if (error == Errors.TRANSACTION_ABORTABLE && version < FIRST_TRANSACTION_ABORTABLE_PRODUCE) {
            return Errors.INVALID_TXN_STATE;
        }
        return version < TopicLookup.FIRST_TOPIC_ID_PRODUCE ? ofNamedTopic(error) : error;
    }

    static Errors ofListOffsets(Errors error, short version) {
        return error == Errors.OFFSET_NOT_AVAILABLE && version < FIRST_OFFSET_NOT_AVAILABLE_LIST_OFFSETS
                ? Errors.LEADER_NOT_AVAILABLE
                : ofNamedTopic(error);
    }

    /** Who has given a name does not know of ids: the topic was deleted while the request was on its way. */
    public static Errors ofNamedTopic(Errors error) {
        return error == Errors.UNKNOWN_TOPIC_ID ? Errors.UNKNOWN_TOPIC_OR_PARTITION : error;
    }

    /** The leader is registered, but not on the listener that the client uses. */
    static Errors listenerNotFound(short metadataVersion) {
        return metadataVersion >= FIRST_LISTENER_NOT_FOUND_METADATA
                ? Errors.LISTENER_NOT_FOUND
                : Errors.LEADER_NOT_AVAILABLE;
    }

    static Errors ofDeleteTopics(Errors error, short version) {
        return error == Errors.TOPIC_DELETION_DISABLED && version < FIRST_TOPIC_DELETION_DISABLED
                ? Errors.INVALID_REQUEST
                : error;
    }

    /** Old consumers do not know that a group may not exist: to them their generation is over. */
    public static Errors ofOffsetCommit(Errors error, short version) {
        return error == Errors.GROUP_ID_NOT_FOUND && version < FIRST_GROUP_ID_NOT_FOUND_COMMIT
                ? Errors.ILLEGAL_GENERATION
                : error;
    }

    /**
     * Old producers crash when a coordinator loads, and do not know that a transaction can be aborted to go on. A producer that was
     * fenced is told so by the code of the partition that it writes to.
     */
    public static Errors ofTxnOffsetCommit(Errors error, short version) {
        return switch (error) {
            case PRODUCER_FENCED -> Errors.INVALID_PRODUCER_EPOCH;
            case TRANSACTION_ABORTABLE -> version < FIRST_ABORTABLE_TXN_COMMIT ? Errors.INVALID_TXN_STATE : error;
            case COORDINATOR_LOAD_IN_PROGRESS, NETWORK_EXCEPTION ->
                version < FIRST_LOADING_TXN_COMMIT
                        ? Errors.COORDINATOR_NOT_AVAILABLE
                        : Errors.COORDINATOR_LOAD_IN_PROGRESS;
            default -> error;
        };
    }
}
