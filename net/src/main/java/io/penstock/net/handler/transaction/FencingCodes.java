package io.penstock.net.handler.transaction;

import org.apache.kafka.common.protocol.Errors;

/** What old clients are told when another producer has taken their transactional id over. Stateless. */
final class FencingCodes {
    private FencingCodes() {}

    /**
     * The code for a client of this version.
     *
     * @param firstKnowing first version of the API whose clients know PRODUCER_FENCED
     */
    static short inVersion(short errorCode, short version, short firstKnowing) {
        return errorCode == Errors.PRODUCER_FENCED.code() && version < firstKnowing
                ? Errors.INVALID_PRODUCER_EPOCH.code()
                : errorCode;
    }
}
