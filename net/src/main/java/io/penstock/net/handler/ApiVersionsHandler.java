package io.penstock.net.handler;

import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.ApiRegistry;
import io.penstock.net.server.ClientSoftware;
import io.penstock.net.server.Feature;
import io.penstock.net.server.FeatureLevels;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import io.penstock.net.server.VersionRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Tells a client which APIs, versions and features there are: exactly those of the registry it belongs to. Immutable, safe from any
 * thread.
 *
 * <p>A request in a version that we do not know is answered in version 0 with UNSUPPORTED_VERSION and our own range for ApiVersions, so
 * that the client asks again with a lower one.
 */
public final class ApiVersionsHandler implements ApiHandler {
    /** KIP-511: letters, digits, hyphen and dot, the first and last one a letter or digit. */
    private static final Pattern SOFTWARE = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");

    private static final short FIRST_VERSION_WITH_SOFTWARE = 3;

    /** Clients that ask in older versions do not expect a feature whose lowest level is 0. */
    private static final short FIRST_VERSION_WITH_LEVEL_0 = 4;

    /** librdkafka takes a broker without the old Produce versions for one without compression (KAFKA-18659). */
    private static final short ADVERTISED_MIN_PRODUCE = ApiKeys.PRODUCE_API_VERSIONS_RESPONSE_MIN_VERSION;

    private final Map<ApiKeys, VersionRange> served = new TreeMap<>();
    private final Supplier<FeatureLevels> features;

    /**
     * @param others the handlers of all other APIs
     * @param features what the cluster supports and has in force now
     */
    private ApiVersionsHandler(Collection<? extends ApiHandler> others, Supplier<FeatureLevels> features) {
        others.forEach(other -> served.put(other.api(), other.versions()));
        served.put(api(), versions());
        this.features = features;
    }

    /** A registry of {@code others} and a handler for ApiVersions that tells clients about all of them. */
    public static ApiRegistry registryOf(Collection<? extends ApiHandler> others, Supplier<FeatureLevels> features) {
        List<ApiHandler> all = new ArrayList<>(others);
        all.add(new ApiVersionsHandler(others, features));
        return new ApiRegistry(all);
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.API_VERSIONS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        responder.send(answer(request));
    }

    private ApiVersionsResponseData answer(KafkaRequest request) {
        if (!request.isVersionSupported()) {
            return refusal(Errors.UNSUPPORTED_VERSION, api(), versions());
        }
        if (request.version() >= FIRST_VERSION_WITH_SOFTWARE) {
            ApiVersionsRequestData data = request.data(ApiVersionsRequestData.class);
            String name = data.clientSoftwareName();
            String version = data.clientSoftwareVersion();
            if (!SOFTWARE.matcher(name).matches() || !SOFTWARE.matcher(version).matches()) {
                return new ApiVersionsResponseData().setErrorCode(Errors.INVALID_REQUEST.code());
            }
            request.connection().onClientSoftware(new ClientSoftware(name, version));
        }
        return listing(request.version());
    }

    private static ApiVersionsResponseData refusal(Errors error, ApiKeys api, VersionRange range) {
        ApiVersionsResponseData response = new ApiVersionsResponseData().setErrorCode(error.code());
        response.apiKeys().add(apiVersion(api, range.min(), range.max()));
        return response;
    }

    private ApiVersionsResponseData listing(short version) {
        ApiVersionsResponseData response = new ApiVersionsResponseData();
        served.forEach((api, range) -> {
            short min = api == ApiKeys.PRODUCE ? ADVERTISED_MIN_PRODUCE : range.min();
            response.apiKeys().add(apiVersion(api, min, range.max()));
        });
        FeatureLevels levels = features.get();
        for (Feature feature : levels.features()) {
            if (feature.minSupported() > 0 || version >= FIRST_VERSION_WITH_LEVEL_0) {
                response.supportedFeatures()
                        .add(new SupportedFeatureKey()
                                .setName(feature.name())
                                .setMinVersion(feature.minSupported())
                                .setMaxVersion(feature.maxSupported()));
            }
            if (feature.finalizedLevel() > 0) {
                response.finalizedFeatures()
                        .add(new FinalizedFeatureKey()
                                .setName(feature.name())
                                .setMinVersionLevel(feature.finalizedLevel())
                                .setMaxVersionLevel(feature.finalizedLevel()));
            }
        }
        return response.setFinalizedFeaturesEpoch(levels.epoch());
    }

    private static ApiVersion apiVersion(ApiKeys api, short min, short max) {
        return new ApiVersion().setApiKey(api.id).setMinVersion(min).setMaxVersion(max);
    }
}
