package io.penstock.core.metadata;

import io.penstock.core.metadata.MetadataRecord.ClientQuotaChanged;

/** Makes client quotas without a log. */
public final class QuotaFixture {
    private QuotaFixture() {}

    /** The quotas with one more, or another value for one of them. */
    public static ClientQuotas with(ClientQuotas before, QuotaEntity entity, QuotaKey key, double value) {
        return before.with(new ClientQuotaChanged(entity, key.text(), value));
    }

    /** The quotas without one of them. */
    public static ClientQuotas without(ClientQuotas before, QuotaEntity entity, QuotaKey key) {
        return before.with(new ClientQuotaChanged(entity, key.text(), null));
    }
}
