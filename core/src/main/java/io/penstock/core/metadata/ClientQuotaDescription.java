package io.penstock.core.metadata;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData.ComponentData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData.EntityData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData.EntryData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData.ValueData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DescribeClientQuotasRequest;
import org.jspecify.annotations.Nullable;

/** Selects client quotas by a filter over the parts of their entities. Takes time per quota of the cluster. Used for one request. */
public final class ClientQuotaDescription {
    /** Names that parts must have, null being the default, by entity type. */
    private final Map<String, @Nullable String> exact = new HashMap<>();
    /** Entity types that must be there under any name. */
    private final Set<String> present = new HashSet<>();

    private ClientQuotaDescription() {}

    /** The quotas that the request asks for, or why it cannot be answered. */
    public static DescribeClientQuotasResponseData describe(
            ClientQuotas quotas, DescribeClientQuotasRequestData request) {
        ClientQuotaDescription filter = new ClientQuotaDescription();
        for (ComponentData component : request.components()) {
            ApiError refusal = filter.add(component);
            if (refusal.isFailure()) {
                return refused(refusal);
            }
        }
        if (filter.names(ClientQuotaEntity.IP)
                && (filter.names(ClientQuotaEntity.USER) || filter.names(ClientQuotaEntity.CLIENT_ID))) {
            return refused(
                    invalid("Invalid entity filter component combination. IP filter component should not be used "
                            + "with user or clientId filter component."));
        }
        List<EntryData> entries = new ArrayList<>();
        quotas.forEach((entity, values) -> {
            Map<String, @Nullable String> parts = parts(entity);
            if (filter.matches(parts, request.strict())) {
                entries.add(entry(parts, values));
            }
        });
        return new DescribeClientQuotasResponseData().setEntries(entries);
    }

    private static DescribeClientQuotasResponseData refused(ApiError error) {
        return new DescribeClientQuotasResponseData()
                .setErrorCode(error.error().code())
                .setErrorMessage(error.message())
                .setEntries(null);
    }

    private ApiError add(ComponentData component) {
        String type = component.entityType();
        if (type.isEmpty()) {
            return invalid("Invalid empty entity type.");
        }
        if (names(type)) {
            return invalid("Entity type " + type + " cannot appear more than once in the filter.");
        }
        if (!ClientQuotaEntity.isValidEntityType(type)) {
            return new ApiError(Errors.UNSUPPORTED_VERSION, "Unsupported entity type " + type);
        }
        return switch (component.matchType()) {
            case DescribeClientQuotasRequest.MATCH_TYPE_EXACT -> addExact(type, component.match());
            case DescribeClientQuotasRequest.MATCH_TYPE_DEFAULT -> addDefault(type, component.match());
            case DescribeClientQuotasRequest.MATCH_TYPE_SPECIFIED -> addPresent(type, component.match());
            default -> invalid("Unknown match type " + component.matchType());
        };
    }

    private ApiError addExact(String type, @Nullable String name) {
        if (name == null) {
            return invalid("Request specified MATCH_TYPE_EXACT, but set match string to null.");
        }
        exact.put(type, name);
        return ApiError.NONE;
    }

    private ApiError addDefault(String type, @Nullable String name) {
        if (name != null) {
            return invalid("Request specified MATCH_TYPE_DEFAULT, but also specified a match string.");
        }
        exact.put(type, null);
        return ApiError.NONE;
    }

    private ApiError addPresent(String type, @Nullable String name) {
        if (name != null) {
            return invalid("Request specified MATCH_TYPE_SPECIFIED, but also specified a match string.");
        }
        present.add(type);
        return ApiError.NONE;
    }

    private boolean names(String type) {
        return exact.containsKey(type) || present.contains(type);
    }

    private boolean matches(Map<String, @Nullable String> parts, boolean strict) {
        if (strict && parts.size() != exact.size() + present.size()) {
            return false;
        }
        return exact.entrySet().stream()
                        .allMatch(each -> parts.containsKey(each.getKey())
                                && Objects.equals(parts.get(each.getKey()), each.getValue()))
                && parts.keySet().containsAll(present);
    }

    /** Null stands for a default. */
    private static Map<String, @Nullable String> parts(QuotaEntity entity) {
        Map<String, @Nullable String> parts = new HashMap<>();
        addPart(parts, ClientQuotaEntity.USER, entity.user());
        addPart(parts, ClientQuotaEntity.CLIENT_ID, entity.clientId());
        addPart(parts, ClientQuotaEntity.IP, entity.ip());
        return parts;
    }

    private static void addPart(Map<String, @Nullable String> parts, String type, @Nullable String name) {
        if (name != null) {
            parts.put(type, name.equals(QuotaEntity.DEFAULT) ? null : name);
        }
    }

    private static EntryData entry(Map<String, @Nullable String> parts, Map<String, Double> values) {
        EntryData entry = new EntryData();
        parts.forEach((type, name) ->
                entry.entity().add(new EntityData().setEntityType(type).setEntityName(name)));
        values.forEach(
                (key, value) -> entry.values().add(new ValueData().setKey(key).setValue(value)));
        return entry;
    }

    private static ApiError invalid(String message) {
        return new ApiError(Errors.INVALID_REQUEST, message);
    }
}
