package io.penstock.net.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.config.BrokerConfig;
import io.penstock.config.GroupConfigSettings;
import io.penstock.config.dynamic.AlterOutcome.Accepted;
import io.penstock.config.dynamic.ClientMetricsAlteration;
import io.penstock.config.dynamic.ConfigEntries;
import io.penstock.config.dynamic.ConfigEntry;
import io.penstock.config.dynamic.GroupAlteration;
import io.penstock.config.setting.Setting;
import io.penstock.config.source.ServerProperties;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.apache.kafka.server.metrics.ClientMetricsConfigs;
import org.junit.jupiter.api.Test;

/** Settings of groups and of client metrics are judged as Kafka 4.3.1's own code judges them. */
class ConfigDifferentialTest {
    private static final int ROUNDS = 5_000;
    private static final List<String> VALUES = List.of(
            "-1",
            "0",
            "1",
            "2",
            "3",
            "5",
            "10",
            "11",
            "99",
            "100",
            "999",
            "1000",
            "4000",
            "4001",
            "4999",
            "5000",
            "14999",
            "15000",
            "15001",
            "30000",
            "44999",
            "45000",
            "59999",
            "60000",
            "60001",
            "soon",
            "",
            "latest",
            "earliest",
            "by_duration:PT5M",
            "by_duration:x",
            "read_committed",
            "true",
            "TRUE",
            " 5000 ",
            "2147483648");

    private final AbstractConfig defaults = new AbstractConfig(
            AbstractKafkaConfig.CONFIG_DEF,
            Map.of("process.roles", "broker", "node.id", "1", "controller.listener.names", "C"),
            false);
    private final GroupCoordinatorConfig coordinator = new GroupCoordinatorConfig(defaults);
    private final ShareGroupConfig share = new ShareGroupConfig(defaults);

    @Test
    void shouldListTheSettingsOfTheBrokerThatKafkaListsAndOurOwn() {
        List<String> listed = ConfigEntries.ofBroker(BrokerConfig.of(ServerProperties.of(Map.of()))).stream()
                .map(ConfigEntry::key)
                .toList();
        List<String> theirs = AbstractKafkaConfig.CONFIG_DEF.configKeys().values().stream()
                .filter(key -> !key.internalConfig)
                .map(key -> key.name)
                .toList();

        assertThat(listed).containsAll(theirs);
        assertThat(listed)
                .filteredOn(key -> !theirs.contains(key))
                .allMatch(key -> key.startsWith("penstock.")
                        || key.startsWith("http.")
                        || key.equals("max.decompressed.message.bytes"));
    }

    @Test
    void shouldKnowTheSameGroupSettingsWithTheSameDefaults() {
        Map<String, String> theirs = GroupConfig.CONFIG_DEF.configKeys().values().stream()
                .collect(Collectors.toMap(
                        key -> key.name,
                        key -> key.type + " " + ConfigDef.convertToString(key.defaultValue, key.type)));

        Map<String, String> ours = GroupConfigSettings.CATALOGUE.all().stream()
                .collect(Collectors.toMap(Setting::key, setting -> setting.type() + " " + setting.defaultText()));

        assertThat(ours).isEqualTo(theirs);
    }

    @Test
    void shouldAcceptAndRefuseTheSameForGroups() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> keys = List.copyOf(GroupConfig.configNames());
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Map<String, String> values = new HashMap<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                values.put(keys.get(random.nextInt(keys.size())), VALUES.get(random.nextInt(VALUES.size())));
            }
            boolean isAccepted = GroupAlteration.replace(values, BrokerConfig.defaults()) instanceof Accepted;
            assertThat(isAccepted).as("seed %d: %s", seed, values).isEqualTo(isAcceptedByKafka(values));
            accepted += isAccepted ? 1 : 0;
        }
        assertThat(accepted).as("both verdicts occur, seed %d", seed).isBetween(ROUNDS / 50, ROUNDS - ROUNDS / 50);
    }

    @Test
    void shouldAcceptAndRefuseTheSameForClientMetrics() {
        Map<String, List<String>> candidates = Map.of(
                "interval.ms", List.of("99", "100", "3600000", "3600001", "x", "", " 100 "),
                "metrics", List.of("", "*", "a.", "a.,b.", "a,,b", ",", "a.,a."),
                "match",
                        List.of(
                                "",
                                "client_id=a",
                                "client_id = a.*",
                                "client_id=",
                                "=a",
                                "client_id=a=b",
                                "client_id=(",
                                "x=y",
                                "client_source_port=1,client_source_address=::1",
                                "client_id"));
        candidates.forEach((key, texts) -> texts.forEach(text -> {
            Map<String, String> values = Map.of(key, text);
            assertThat(ClientMetricsAlteration.replace(values) instanceof Accepted)
                    .as("%s", values)
                    .isEqualTo(accepts(() -> ClientMetricsConfigs.validate("subscription", values)));
        }));
    }

    private boolean isAcceptedByKafka(Map<String, String> values) {
        return accepts(() -> GroupConfig.validate(values, coordinator, share));
    }

    private static boolean accepts(Runnable check) {
        try {
            check.run();
            return true;
        } catch (ApiException | ConfigException refusal) {
            return false;
        }
    }
}
