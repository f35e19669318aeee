package io.penstock.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.metadata.MetadataRecord.FeatureLevelSet;
import java.util.List;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureUpdateTest {
    private static final byte UPGRADE = 1;

    private final ClusterFixture cluster = new ClusterFixture();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nix              | 1  | 1 | Invalid update version 1 for feature nix. Local controller 1 does not"
                        + " support this feature.",
                "metadata.version | 31 | 1 | Invalid update version 31 for feature metadata.version. Local controller"
                        + " 1 only supports versions 7-30",
                "metadata.version | 0  | 2 | Invalid update version 0 for feature metadata.version. Local controller 1"
                        + " only supports versions 7-30",
                "metadata.version | -1 | 1 | Invalid update version -1 for feature metadata.version. A feature version"
                        + " cannot be less than 0.",
                "metadata.version | 30 | 9 | Invalid update version 30 for feature metadata.version. The controller"
                        + " does not support the given upgrade type.",
                "metadata.version | 30 | 0 | Invalid update version 30 for feature metadata.version. The controller"
                        + " does not support the given upgrade type.",
                "metadata.version | 7  | 1 | Invalid update version 7 for feature metadata.version. Can't downgrade"
                        + " the version of this feature without setting the upgrade type to either safe or unsafe"
                        + " downgrade.",
                "metadata.version | 29 | 2 | Unsupported metadata.version downgrade from 30 to 29. Refusing to perform"
                        + " the requested downgrade because it might delete metadata information.",
                "metadata.version | 29 | 3 | Unsupported metadata.version downgrade from 30 to 29. Unsafe metadata"
                        + " downgrade is not supported in this version."
            })
    void shouldRefuseWithKafkasWords(String feature, short level, byte type, String message) {
        // when
        UpdateFeaturesResponseData response = update(false, key(feature, level, type));

        // then
        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.INVALID_UPDATE_VERSION);
        assertThat(response.errorMessage())
                .isEqualTo("The update failed for all features since the following feature had an error: " + message);
        assertThat(cluster.image.features()).isEmpty();
    }

    @Test
    void shouldHaveNothingToWriteForALevelThatIsInForce() {
        // given
        long before = cluster.image.offset();

        // when
        UpdateFeaturesResponseData response = update(false, key("metadata.version", 30, UPGRADE));

        // then
        assertThat(response.errorCode()).isZero();
        assertThat(response.errorMessage()).isNull();
        assertThat(response.results())
                .singleElement()
                .satisfies(result -> assertThat(result.errorMessage()).isEqualTo("NONE"));
        assertThat(cluster.image.offset()).isEqualTo(before);
    }

    @Test
    void shouldRaiseALevelUnlessOnlyAskedToValidate() {
        // given
        cluster.replay(List.of(new FeatureLevelSet("metadata.version", (short) 20)));

        // when
        update(true, key("metadata.version", 30, UPGRADE));
        short validated = ClusterFeatures.level(cluster.image, ClusterFeatures.METADATA_VERSION);
        update(false, key("metadata.version", 30, UPGRADE));

        // then
        assertThat(validated).isEqualTo((short) 20);
        assertThat(ClusterFeatures.level(cluster.image, ClusterFeatures.METADATA_VERSION))
                .isEqualTo((short) 30);
    }

    @Test
    void shouldChangeAllOrNothing() {
        // given
        cluster.replay(List.of(new FeatureLevelSet("metadata.version", (short) 20)));

        // when
        UpdateFeaturesResponseData response =
                update(false, key("metadata.version", 30, UPGRADE), key("nix", 1, UPGRADE));

        // then
        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.INVALID_UPDATE_VERSION);
        assertThat(ClusterFeatures.level(cluster.image, ClusterFeatures.METADATA_VERSION))
                .isEqualTo((short) 20);
    }

    @Test
    void shouldTakeTheFlagOfTheOldestVersionForASafeDowngrade() {
        // when
        UpdateFeaturesResponseData response = update(
                false,
                new FeatureUpdateKey()
                        .setFeature("metadata.version")
                        .setMaxVersionLevel((short) 29)
                        .setAllowDowngrade(true));

        // then
        assertThat(response.errorMessage()).contains("might delete metadata information");
    }

    private static FeatureUpdateKey key(String feature, int level, byte type) {
        return new FeatureUpdateKey()
                .setFeature(feature)
                .setMaxVersionLevel((short) level)
                .setUpgradeType(type);
    }

    private UpdateFeaturesResponseData update(boolean validateOnly, FeatureUpdateKey... keys) {
        UpdateFeaturesRequestData request = new UpdateFeaturesRequestData().setValidateOnly(validateOnly);
        for (FeatureUpdateKey key : keys) {
            request.featureUpdates().mustAdd(key);
        }
        return cluster.apply(cluster.controller.updateFeatures(cluster.image, 1, request));
    }
}
