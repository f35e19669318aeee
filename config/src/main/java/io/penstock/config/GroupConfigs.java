package io.penstock.config;

import io.penstock.config.GroupConfigSettings.Bound;
import io.penstock.config.setting.Setting;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What holds for one group: its own settings over those of the broker. A value outside the bounds that the broker sets today counts as
 * the nearest one within: the bounds may have been narrowed after it was accepted. Immutable.
 */
public final class GroupConfigs {

    private final SettingValues values;
    private final BrokerConfig broker;

    private GroupConfigs(SettingValues values, BrokerConfig broker) {
        this.values = values;
        this.broker = broker;
    }

    /**
     * Puts the settings of one group over those of the broker.
     *
     * @param overrides the group's own settings as text; a value that breaks its rule is passed over
     * @param broker what decides where the group does not
     */
    public static GroupConfigs of(Map<String, String> overrides, BrokerConfig broker) {
        Layers layers = broker.layersOfGroup(overrides);
        return new GroupConfigs(SettingValues.of(GroupConfigSettings.CATALOGUE, layers::ofGroup), broker);
    }

    public int consumerSessionTimeoutMs() {
        return withinBounds(GroupConfigSettings.CONSUMER_SESSION_TIMEOUT_MS);
    }

    public int consumerHeartbeatIntervalMs() {
        return withinBounds(GroupConfigSettings.CONSUMER_HEARTBEAT_INTERVAL_MS);
    }

    public int consumerAssignmentIntervalMs() {
        return withinBounds(GroupConfigSettings.CONSUMER_ASSIGNMENT_INTERVAL_MS);
    }

    /** A setting as it was set, whatever its bounds. */
    public <T> T get(Setting<T> setting) {
        return values.get(setting);
    }

    private int withinBounds(Setting<Integer> setting) {
        int value = get(setting);
        for (Bound bound : GroupConfigSettings.BOUNDS) {
            if (bound.setting().equals(setting)) {
                value = Math.max(least(bound), Math.min(value, greatest(bound)));
            }
        }
        return value;
    }

    int least(Bound bound) {
        return bound.minKey() == null
                ? Integer.MIN_VALUE
                : number(bound.minKey()).orElse(Integer.MIN_VALUE);
    }

    int greatest(Bound bound) {
        return number(bound.maxKey()).orElse(Integer.MAX_VALUE);
    }

    private Optional<Integer> number(String brokerKey) {
        Setting<?> setting = BrokerSettings.CATALOGUE.find(brokerKey).orElseThrow(() -> unknown(brokerKey));
        return broker.find(setting).map(value -> ((Number) value).intValue());
    }

    private static IllegalStateException unknown(String brokerKey) {
        return new IllegalStateException("a group setting is bounded by " + brokerKey + ", which is no broker setting");
    }

    /** What is wrong with these settings, beyond the rules of each; null if nothing is. */
    public @Nullable String conflict() {
        for (Bound bound : GroupConfigSettings.BOUNDS) {
            int value = get(bound.setting());
            if (value < least(bound)) {
                return bound.setting().key() + " must be greater than or equal to " + bound.minKey();
            }
            if (value > greatest(bound)) {
                return bound.setting().key() + " must be less than or equal to " + bound.maxKey();
            }
        }
        String consumer = order(
                GroupConfigSettings.CONSUMER_SESSION_TIMEOUT_MS, GroupConfigSettings.CONSUMER_HEARTBEAT_INTERVAL_MS);
        String share =
                order(GroupConfigSettings.SHARE_SESSION_TIMEOUT_MS, GroupConfigSettings.SHARE_HEARTBEAT_INTERVAL_MS);
        String streams = order(
                GroupConfigSettings.STREAMS_SESSION_TIMEOUT_MS, GroupConfigSettings.STREAMS_HEARTBEAT_INTERVAL_MS);
        return consumer != null ? consumer : share != null ? share : streams;
    }

    private @Nullable String order(Setting<Integer> greater, Setting<Integer> smaller) {
        return get(greater) > get(smaller) ? null : greater.key() + " must be greater than " + smaller.key();
    }
}
