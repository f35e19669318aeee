package io.penstock.core.transaction;

/**
 * What transaction coordinators must know of the broker's settings. Immutable: none of these changes while the broker runs.
 *
 * @param maxTimeoutMs longest time that a producer may ask for ({@code transaction.max.timeout.ms})
 * @param idExpirationMs how long an id outlives its last transaction ({@code transactional.id.expiration.ms})
 * @param idCheckIntervalMs how often to look for expired ids
 *     ({@code transaction.remove.expired.transaction.cleanup.interval.ms})
 * @param maxStateBytes most bytes that the ids of a shard and their partitions may take; beyond that none is added
 * @param maxWaitingCommands most commands of a shard that wait for others to be written; more are sent away to try again
 */
public record TransactionSettings(
        int maxTimeoutMs, long idExpirationMs, long idCheckIntervalMs, long maxStateBytes, int maxWaitingCommands) {
    public TransactionSettings {
        require(maxTimeoutMs >= 1, "transaction.max.timeout.ms", maxTimeoutMs);
        require(idExpirationMs >= 1, "transactional.id.expiration.ms", idExpirationMs);
        require(
                idCheckIntervalMs >= 1,
                "transaction.remove.expired.transaction.cleanup.interval.ms",
                idCheckIntervalMs);
        require(maxWaitingCommands >= 0, "waiting commands", maxWaitingCommands);
    }

    private static void require(boolean holds, String key, long value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " out of range: " + value);
        }
    }
}
