package io.penstock.net.handler.fetch;

/**
 * How much a fetch wants and how long it waits for that.
 *
 * @param minBytes answer as soon as so many bytes are there
 * @param maxBytes answer with no more, except that the first batch is whole; at least 0
 * @param maxWaitMs answer with what is there after so long; 0 or less never waits
 */
record FetchLimits(int minBytes, int maxBytes, int maxWaitMs) {
    /** Limits of a request under the broker's own bound; a client cannot wait for more than it can get. */
    static FetchLimits of(int minBytes, int maxBytes, int maxWaitMs, int brokerMaxBytes) {
        int most = Math.max(0, Math.min(maxBytes, brokerMaxBytes));
        return new FetchLimits(Math.min(minBytes, most), most, maxWaitMs);
    }

    boolean canWait() {
        return maxWaitMs > 0 && minBytes > 0;
    }
}
