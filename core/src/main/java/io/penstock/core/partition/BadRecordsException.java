package io.penstock.core.partition;

import org.apache.kafka.common.protocol.Errors;

/**
 * Ends the reading of a batch whose records cannot be read or are too much. Never leaves {@link BatchValidator}, which makes a
 * {@link BatchVerdict} of it; carries no stack trace, because strangers can cause it at will.
 */
final class BadRecordsException extends RuntimeException {
    private final Errors error;

    private BadRecordsException(Errors error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    /** Not a fault of the batch: the work limit was reached. */
    static BadRecordsException tooMuchWork() {
        return new BadRecordsException(Errors.NONE, "work limit reached");
    }

    static BadRecordsException invalid(String message) {
        return new BadRecordsException(Errors.INVALID_RECORD, message);
    }

    static BadRecordsException tooLarge(long limitBytes) {
        return new BadRecordsException(
                Errors.MESSAGE_TOO_LARGE, "The records of the batch unpack to more than " + limitBytes + " bytes");
    }

    static BadRecordsException tooManyRecords(int count, int limit) {
        return new BadRecordsException(
                Errors.MESSAGE_TOO_LARGE,
                "The batch has " + count + " records; where message ids are looked up, at most " + limit
                        + " are taken");
    }

    boolean isTooMuchWork() {
        return error == Errors.NONE;
    }

    Errors error() {
        return error;
    }
}
