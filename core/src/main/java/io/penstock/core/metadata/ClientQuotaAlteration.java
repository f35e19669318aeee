package io.penstock.core.metadata;

import io.penstock.core.metadata.MetadataRecord.ClientQuotaChanged;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntityData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.OpData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData.EntryData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * Decides changes of client quotas. Each entity is changed whole or not at all, and one that is refused does not stop the others; texts
 * and order of the refusals are Kafka's. Used for one request.
 */
public final class ClientQuotaAlteration {
    /** Kafka's bound on the records of one request. */
    static final int MAX_RECORDS = 10_000;

    private static final int MAX_TEXT_CHARS = 4 << 20;

    private final ClientQuotas known;
    private final Predicate<String> isHost;
    private final List<MetadataRecord> records = new ArrayList<>();
    /** By entity as in the request, so that an entity which comes twice is answered once. */
    private final Map<Map<String, @Nullable String>, ApiError> results = new LinkedHashMap<>();

    private long textChars;

    /**
     * @param isHost whether a name is an address or can be resolved to one
     */
    ClientQuotaAlteration(ClientQuotas known, Predicate<String> isHost) {
        this.known = known;
        this.isHost = isHost;
    }

    Decision<AlterClientQuotasResponseData> decide(AlterClientQuotasRequestData request) {
        request.entries().forEach(entry -> alter(namesOf(entry.entity()), entry.ops()));
        if (records.size() > MAX_RECORDS || textChars > MAX_TEXT_CHARS) {
            return Decision.unchanged(refusal(
                    request,
                    new ApiError(Errors.POLICY_VIOLATION, "Unable to perform excessively large batch operation.")));
        }
        AlterClientQuotasResponseData answer = new AlterClientQuotasResponseData();
        results.forEach((names, error) -> answer.entries().add(result(names, error)));
        return new Decision<>(request.validateOnly() ? List.of() : records, answer);
    }

    /** The same answer for every entity. */
    public static AlterClientQuotasResponseData refusal(AlterClientQuotasRequestData request, ApiError error) {
        AlterClientQuotasResponseData answer = new AlterClientQuotasResponseData();
        request.entries().forEach(entry -> answer.entries().add(result(namesOf(entry.entity()), error)));
        return answer;
    }

    /** Of a type that comes twice the last name counts. */
    private static Map<String, @Nullable String> namesOf(Collection<EntityData> entity) {
        Map<String, @Nullable String> names = new LinkedHashMap<>();
        entity.forEach(part -> names.put(part.entityType(), part.entityName()));
        return names;
    }

    private static EntryData result(Map<String, @Nullable String> names, ApiError error) {
        EntryData result = new EntryData()
                .setErrorCode(error.error().code())
                .setErrorMessage(error.isFailure() ? error.message() : null);
        names.forEach((type, name) -> result.entity()
                .add(new AlterClientQuotasResponseData.EntityData()
                        .setEntityType(type)
                        .setEntityName(name)));
        return result;
    }

    private void alter(Map<String, @Nullable String> names, List<OpData> ops) {
        Map<String, @Nullable Double> values = new LinkedHashMap<>();
        for (OpData op : ops) {
            if (values.containsKey(op.key())) {
                results.put(
                        names,
                        invalid("Duplicate quota key " + op.key() + " not updating quota for this entity "
                                + new ClientQuotaEntity(names)));
            } else {
                values.put(op.key(), op.remove() ? null : Double.valueOf(op.value()));
            }
        }
        if (results.containsKey(names)) {
            results.put(names, invalid("Ignoring duplicate entity " + new ClientQuotaEntity(names)));
            return;
        }
        String refusal = refusal(names);
        results.put(names, refusal != null ? invalid(refusal) : set(entity(names), values));
    }

    private ApiError set(QuotaEntity entity, Map<String, @Nullable Double> values) {
        Map<String, Double> before = known.of(entity);
        List<MetadataRecord> changes = new ArrayList<>();
        for (Map.Entry<String, @Nullable Double> each : values.entrySet()) {
            String refusal = refusal(entity, each.getKey(), each.getValue());
            if (refusal != null) {
                return invalid(refusal);
            }
            if (!Objects.equals(before.get(each.getKey()), each.getValue())) {
                changes.add(new ClientQuotaChanged(entity, each.getKey(), each.getValue()));
            }
        }
        records.addAll(changes);
        textChars += (long) changes.size() * (length(entity.user()) + length(entity.clientId()) + length(entity.ip()));
        return ApiError.NONE;
    }

    /** A key that is only taken away need not make sense. */
    private static @Nullable String refusal(QuotaEntity entity, String text, @Nullable Double value) {
        if (value == null) {
            return null;
        }
        QuotaKey key = QuotaKey.find(text, entity.ip() != null);
        return key == null ? "Invalid configuration key " + text : key.refusal(value);
    }

    private @Nullable String refusal(Map<String, @Nullable String> names) {
        if (names.isEmpty()) {
            return "Invalid empty client quota entity";
        }
        for (Map.Entry<String, @Nullable String> each : names.entrySet()) {
            if (!ClientQuotaEntity.isValidEntityType(each.getKey())) {
                return "Unhandled client quota entity type: " + each.getKey();
            }
            String name = each.getValue();
            if (name != null && name.isEmpty()) {
                return "Empty " + each.getKey() + " not supported";
            }
        }
        return names.containsKey(ClientQuotaEntity.IP) ? ipRefusal(names) : null;
    }

    private @Nullable String ipRefusal(Map<String, @Nullable String> names) {
        if (names.size() > 1) {
            return "Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId";
        }
        String ip = names.get(ClientQuotaEntity.IP);
        return ip == null || isHost.test(ip) ? null : ip + " is not a valid IP or resolvable host.";
    }

    private static QuotaEntity entity(Map<String, @Nullable String> names) {
        Map<String, String> texts = new HashMap<>();
        names.forEach((type, name) -> texts.put(type, name == null ? QuotaEntity.DEFAULT : name));
        return new QuotaEntity(
                texts.get(ClientQuotaEntity.USER),
                texts.get(ClientQuotaEntity.CLIENT_ID),
                texts.get(ClientQuotaEntity.IP));
    }

    private static int length(@Nullable String name) {
        return name == null ? 0 : name.length();
    }

    private static ApiError invalid(String message) {
        return new ApiError(Errors.INVALID_REQUEST, message);
    }
}
