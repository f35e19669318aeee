package io.penstock.net.quota;

import io.penstock.core.metadata.ClientQuotas;
import io.penstock.core.quota.ClientMeters;
import io.penstock.core.quota.QuotaWindow;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The client quotas of a broker and the use that its clients make of them. Safe from any thread.
 *
 * @param quotas the newest ones; asked for each request
 * @param meters shared by all listeners
 * @param clockNs monotonic nanoseconds
 */
public record ClientThrottling(Supplier<ClientQuotas> quotas, ClientMeters meters, LongSupplier clockNs) {

    /** For a listener without a broker behind it. */
    public static ClientThrottling none() {
        return new ClientThrottling(
                () -> ClientQuotas.NONE, new ClientMeters(QuotaWindow.DEFAULT, QuotaWindow.DEFAULT), System::nanoTime);
    }

    long nowMs() {
        return clockNs.getAsLong() / 1_000_000;
    }
}
