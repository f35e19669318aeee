package io.penstock.core.metadata;

import io.penstock.core.metadata.ClusterFeatures.Supported;
import io.penstock.core.metadata.MetadataRecord.FeatureLevelSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData.UpdatableFeatureResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** Decides one UpdateFeatures request: all of it, or nothing. Pure; one object for one request. */
public final class FeatureUpdate {
    private static final String REFUSED =
            "The update failed for all features since the following feature had an error: ";

    private final MetadataImage image;
    private final int nodeId;

    /**
     * @param nodeId of this broker, which tells clients that it does not support something
     */
    FeatureUpdate(MetadataImage image, int nodeId) {
        this.image = image;
        this.nodeId = nodeId;
    }

    Decision<UpdateFeaturesResponseData> decide(UpdateFeaturesRequestData request) {
        Map<String, FeatureUpdateKey> updates = new LinkedHashMap<>();
        request.featureUpdates().forEach(update -> updates.put(update.feature(), update));
        List<MetadataRecord> records = new ArrayList<>();
        for (FeatureUpdateKey update : updates.values()) {
            Optional<String> refusal = check(update);
            if (refusal.isPresent()) {
                return Decision.unchanged(
                        refused(new ApiError(Errors.INVALID_UPDATE_VERSION, REFUSED + refusal.get())));
            }
            if (levelOf(update.feature()) != update.maxVersionLevel()) {
                records.add(new FeatureLevelSet(update.feature(), update.maxVersionLevel()));
            }
        }
        return new Decision<>(request.validateOnly() ? List.of() : records, accepted(request));
    }

    /** An answer to a request of which nothing was done. */
    public static UpdateFeaturesResponseData refused(ApiError error) {
        return new UpdateFeaturesResponseData()
                .setErrorCode(error.error().code())
                .setErrorMessage(error.message());
    }

    /** Versions below 2 have a result for each feature, which the codec leaves out of newer ones. */
    private static UpdateFeaturesResponseData accepted(UpdateFeaturesRequestData request) {
        UpdateFeaturesResponseData response = new UpdateFeaturesResponseData().setErrorMessage(null);
        for (FeatureUpdateKey update : request.featureUpdates()) {
            response.results()
                    .mustAdd(new UpdatableFeatureResult()
                            .setFeature(update.feature())
                            .setErrorMessage(Errors.NONE.name()));
        }
        return response;
    }

    private static Optional<String> invalid(FeatureUpdateKey update, String reason) {
        return Optional.of("Invalid update version " + update.maxVersionLevel() + " for feature " + update.feature()
                + ". " + reason);
    }

    /** Why a feature cannot be set to the level asked for. */
    private Optional<String> check(FeatureUpdateKey update) {
        UpgradeType type = typeOf(update);
        short level = update.maxVersionLevel();
        if (type == UpgradeType.UNKNOWN) {
            return invalid(update, "The controller does not support the given upgrade type.");
        }
        if (level < 0) {
            return invalid(update, "A feature version cannot be less than 0.");
        }
        Optional<Supported> feature = ClusterFeatures.find(update.feature());
        if (feature.isEmpty()) {
            return invalid(update, "Local controller " + nodeId + " does not support this feature.");
        }
        if (!feature.get().supports(level)) {
            return invalid(
                    update,
                    "Local controller " + nodeId + " only supports versions "
                            + feature.get().min() + "-" + feature.get().max());
        }
        return checkDirection(feature.get(), update, type);
    }

    private Optional<String> checkDirection(Supported feature, FeatureUpdateKey update, UpgradeType type) {
        short level = update.maxVersionLevel();
        short current = ClusterFeatures.level(image, feature);
        if (level > current) {
            return type == UpgradeType.UPGRADE
                    ? Optional.empty()
                    : invalid(update, "Can't downgrade to a newer version.");
        }
        if (level == current) {
            return Optional.empty();
        }
        if (type == UpgradeType.UPGRADE) {
            return invalid(
                    update,
                    "Can't downgrade the version of this feature without setting the upgrade type to either "
                            + "safe or unsafe downgrade.");
        }
        return feature.equals(ClusterFeatures.METADATA_VERSION)
                ? Optional.of("Unsupported metadata.version downgrade from " + current + " to " + level + ". "
                        + (type == UpgradeType.UNSAFE_DOWNGRADE
                                ? "Unsafe metadata downgrade is not supported in this version."
                                : "Refusing to perform the requested downgrade because it might delete metadata "
                                        + "information."))
                : Optional.empty();
    }

    /** Version 0 has a flag in place of the type. */
    private static UpgradeType typeOf(FeatureUpdateKey update) {
        return update.allowDowngrade() ? UpgradeType.SAFE_DOWNGRADE : UpgradeType.fromCode(update.upgradeType());
    }

    private short levelOf(String name) {
        return ClusterFeatures.find(name)
                .map(feature -> ClusterFeatures.level(image, feature))
                .orElse((short) 0);
    }
}
