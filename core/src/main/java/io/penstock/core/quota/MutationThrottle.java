package io.penstock.core.quota;

import io.penstock.core.MutationQuota;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The quota on changes of topics for one request. Strict (KIP-599): once the tokens are used up, further topics are refused. Not strict,
 * for versions whose clients do not know that refusal: all are admitted and the client waits afterwards.
 *
 * <p>Asked by the metadata's owner, then by the connection's event loop once the answer is there; never by both at a time.
 */
public final class MutationThrottle implements MutationQuota {
    private final @Nullable MeteredLimit limit;
    private final boolean isStrict;
    private final LongSupplier clockMs;
    private volatile boolean isExceeded;

    public MutationThrottle(ClientLimits limits, boolean isStrict, LongSupplier clockMs) {
        this.limit = limits.mutation();
        this.isStrict = isStrict;
        this.clockMs = clockMs;
    }

    @Override
    public boolean tryTake(int partitions) {
        if (limit == null) {
            return true;
        }
        long nowMs = clockMs.getAsLong();
        if (isStrict) {
            boolean isTaken = limit.meter().tryTake(partitions, limit.limitPerSecond(), nowMs);
            if (!isTaken) {
                isExceeded = true;
            }
            return isTaken;
        }
        limit.meter().take(partitions, limit.limitPerSecond(), nowMs);
        if (limit.meter().tokensDueMs(limit.limitPerSecond(), nowMs) > 0) {
            isExceeded = true;
        }
        return true;
    }

    /** How long the client should wait before its next change, in milliseconds; 0 if nothing was beyond the quota. */
    public long throttleMs() {
        return limit == null || !isExceeded
                ? 0
                : limit.meter().tokensDueMs(limit.limitPerSecond(), clockMs.getAsLong());
    }
}
