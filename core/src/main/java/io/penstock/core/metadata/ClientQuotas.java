package io.penstock.core.metadata;

import io.penstock.core.collection.PersistentMap;
import io.penstock.core.metadata.MetadataRecord.ClientQuotaChanged;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * All client quotas of the cluster: for each entity its values by {@link QuotaKey#text}. Immutable; another object whenever something
 * changed, so comparing references tells whether anything did.
 */
public final class ClientQuotas {
    /** No quota at all. */
    public static final ClientQuotas NONE = new ClientQuotas(PersistentMap.empty());

    private final PersistentMap<QuotaEntity, Map<String, Double>> byEntity;

    private ClientQuotas(PersistentMap<QuotaEntity, Map<String, Double>> byEntity) {
        this.byEntity = byEntity;
    }

    public boolean isEmpty() {
        return byEntity.size() == 0;
    }

    /** The value set for exactly this entity; null if there is none. */
    public @Nullable Double find(QuotaEntity entity, QuotaKey key) {
        return of(entity).get(key.text());
    }

    /** All values set for exactly this entity. */
    Map<String, Double> of(QuotaEntity entity) {
        Map<String, Double> values = byEntity.get(entity);
        return values == null ? Map.of() : values;
    }

    /** Every entity with its values, in no order. */
    public void forEach(BiConsumer<QuotaEntity, Map<String, Double>> action) {
        byEntity.forEach(action);
    }

    ClientQuotas with(ClientQuotaChanged change) {
        Map<String, Double> after = new HashMap<>(of(change.entity()));
        Double value = change.value();
        if (value == null) {
            after.remove(change.key());
        } else {
            after.put(change.key(), value);
        }
        return new ClientQuotas(
                after.isEmpty() ? byEntity.minus(change.entity()) : byEntity.plus(change.entity(), Map.copyOf(after)));
    }
}
