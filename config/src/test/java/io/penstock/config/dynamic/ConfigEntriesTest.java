package io.penstock.config.dynamic;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.config.BrokerConfig;
import io.penstock.config.BrokerSettings;
import io.penstock.config.ConfigSource;
import io.penstock.config.TopicSettings;
import io.penstock.config.dynamic.ConfigEntry.Synonym;
import io.penstock.config.setting.ValueType;
import io.penstock.config.source.ServerProperties;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigEntriesTest {

    private static final BrokerConfig BROKER = BrokerConfig.of(ServerProperties.of(
                    Map.of("log.retention.hours", "2", "ssl.key.password", "geheim", "num.partitions", "3")))
            .withDynamic(Map.of("message.max.bytes", "20"), Map.of("message.max.bytes", "30"));

    private static ConfigEntry entry(List<ConfigEntry> entries, String key) {
        return entries.stream()
                .filter(entry -> entry.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldDescribeEverySettingThatIsNotInternal() {
        // given
        long topicSettings = TopicSettings.CATALOGUE.all().stream()
                .filter(setting -> !setting.hidden())
                .count();
        long brokerSettings = BrokerSettings.CATALOGUE.all().stream()
                .filter(setting -> !setting.hidden())
                .count();

        // when, then
        assertThat(ConfigEntries.ofTopic(Map.of(), BROKER)).hasSize((int) topicSettings);
        assertThat(ConfigEntries.ofBroker(BROKER)).hasSize((int) brokerSettings);
    }

    @Test
    void shouldListAThrottleOfReplicationOnlyWhileItIsSet() {
        // given
        String key = "leader.replication.throttled.rate";
        BrokerConfig throttled = BROKER.withDynamic(Map.of(), Map.of(key, "123"));

        // when, then
        assertThat(entry(ConfigEntries.ofBroker(throttled), key).value()).isEqualTo("123");
        assertThat(ConfigEntries.ofBroker(BROKER)).extracting(ConfigEntry::key).doesNotContain(key);
    }

    @Test
    void shouldDescribeWhatIsSetForOneListener() {
        // given
        String type = "listener.name.internal.ssl.truststore.type";
        String password = "listener.name.internal.ssl.keystore.password";
        BrokerConfig set = BROKER.withDynamic(Map.of(), Map.of(type, "PKCS12", password, "geheim"));

        // when, then
        assertThat(entry(ConfigEntries.ofBroker(set), type).value()).isEqualTo("PKCS12");
        assertThat(entry(ConfigEntries.ofBroker(set), password))
                .returns(null, ConfigEntry::value)
                .returns(true, ConfigEntry::sensitive);
        assertThat(ConfigEntries.ofBroker(set).toString()).doesNotContain("geheim");
    }

    @Test
    void shouldNameWhatNobodyKnowsAndHideItsValue() {
        // given
        BrokerConfig set = BROKER.withDynamic(Map.of("no.such.key", "a"), Map.of("no.such.key", "b"));

        // when, then
        assertThat(entry(ConfigEntries.ofBroker(set), "no.such.key"))
                .returns(null, ConfigEntry::value)
                .returns(true, ConfigEntry::sensitive)
                .returns(null, ConfigEntry::type)
                .returns(ConfigSource.DYNAMIC_BROKER_CONFIG, ConfigEntry::source);
        assertThat(entry(ConfigEntries.ofCluster(set), "no.such.key"))
                .returns(ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG, ConfigEntry::source);
    }

    @Test
    void shouldNameStrongestSourceAndAllOthersBehindIt() {
        // when
        ConfigEntry entry =
                entry(ConfigEntries.ofTopic(Map.of("max.message.bytes", "10"), BROKER), "max.message.bytes");

        // then
        assertThat(entry.value()).isEqualTo("10");
        assertThat(entry.source()).isEqualTo(ConfigSource.TOPIC_CONFIG);
        assertThat(entry.type()).isEqualTo(ValueType.INT);
        assertThat(entry.readOnly()).isFalse();
        assertThat(entry.synonyms())
                .containsExactly(
                        new Synonym("max.message.bytes", "10", ConfigSource.TOPIC_CONFIG),
                        new Synonym("message.max.bytes", "30", ConfigSource.DYNAMIC_BROKER_CONFIG),
                        new Synonym("message.max.bytes", "20", ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG),
                        new Synonym("message.max.bytes", "1048588", ConfigSource.DEFAULT_CONFIG));
    }

    @Test
    void shouldShowWinningValueInUnitOfDescribedKey() {
        // when
        ConfigEntry entry = entry(ConfigEntries.ofTopic(Map.of(), BROKER), "retention.ms");

        // then
        assertThat(entry.value()).isEqualTo("7200000");
        assertThat(entry.source()).isEqualTo(ConfigSource.STATIC_BROKER_CONFIG);
        assertThat(entry.synonyms())
                .containsExactly(
                        new Synonym("log.retention.hours", "2", ConfigSource.STATIC_BROKER_CONFIG),
                        new Synonym("log.retention.hours", "168", ConfigSource.DEFAULT_CONFIG));
    }

    @Test
    void shouldNeverShowSecret() {
        // when
        ConfigEntry entry = entry(ConfigEntries.ofBroker(BROKER), "ssl.key.password");

        // then
        assertThat(entry.sensitive()).isTrue();
        assertThat(entry.value()).isNull();
        assertThat(entry.source()).isEqualTo(ConfigSource.STATIC_BROKER_CONFIG);
        assertThat(ConfigEntries.ofBroker(BROKER).toString()).doesNotContain("geheim");
    }

    @Test
    void shouldMarkWhatIsFixedAtStart() {
        // when
        List<ConfigEntry> entries = ConfigEntries.ofBroker(BROKER);

        // then
        assertThat(entry(entries, "num.partitions").readOnly()).isTrue();
        assertThat(entry(entries, "message.max.bytes").readOnly()).isFalse();
    }

    @Test
    void shouldDescribeAbsentValue() {
        // when
        ConfigEntry entry = entry(ConfigEntries.ofBroker(BROKER), "broker.rack");

        // then
        assertThat(entry.value()).isNull();
        assertThat(entry.source()).isEqualTo(ConfigSource.DEFAULT_CONFIG);
        assertThat(entry.synonyms()).isEmpty();
    }

    @Test
    void shouldListInternalSettingOnlyWhenTopicSetsIt() {
        assertThat(ConfigEntries.ofTopic(Map.of(), BROKER))
                .noneMatch(entry -> entry.key().startsWith("internal."));
        assertThat(ConfigEntries.ofTopic(Map.of("internal.segment.bytes", "99"), BROKER))
                .anyMatch(entry -> entry.key().equals("internal.segment.bytes"));
    }

    @Test
    void shouldDescribeOfClusterOnlyWhatIsSetForAllBrokers() {
        // when
        List<ConfigEntry> entries = ConfigEntries.ofCluster(BROKER);

        // then
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0).key()).isEqualTo("message.max.bytes");
        assertThat(entries.get(0).value()).isEqualTo("20");
        assertThat(entries.get(0).source()).isEqualTo(ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
    }
}
