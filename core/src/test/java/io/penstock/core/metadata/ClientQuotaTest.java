package io.penstock.core.metadata;

import static io.penstock.core.metadata.ClusterFixture.facts;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.metadata.MetadataRecord.ClientQuotaChanged;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData.ComponentData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientQuotaTest {
    private static final byte EXACT = 0;
    private static final byte DEFAULT = 1;
    private static final byte SPECIFIED = 2;

    private final ClusterFixture cluster = new ClusterFixture();

    @Test
    void shouldSetChangeAndTakeAwayQuotas() {
        // given
        assertThat(alter(request(entry("user", "alice").ops("producer_byte_rate", 1000.0, "request_percentage", 0.5))))
                .containsExactly("NONE null");

        // when
        alter(request(entry("user", "alice").ops("producer_byte_rate", 2000.0, "request_percentage", null)));

        // then
        assertThat(described()).containsExactly("{user=alice} {producer_byte_rate=2000.0}");
        alter(request(entry("user", "alice").ops("producer_byte_rate", null)));
        assertThat(cluster.image.clientQuotas().isEmpty()).isTrue();
    }

    @Test
    void shouldWriteNothingForWhatIsAsItWas() {
        // given
        AlterClientQuotasRequestData request =
                request(entry("client-id", "c").ops("consumer_byte_rate", 5.0, "producer_byte_rate", null));
        alter(request);
        int before = cluster.log.size();

        // when
        alter(request);

        // then
        assertThat(cluster.log).hasSize(before);
    }

    @Test
    void shouldOnlyValidateWhenAskedTo() {
        // when
        List<String> results = alter(request(
                        entry("user", "alice").ops("producer_byte_rate", 1.0),
                        entry("user", "bob").ops("producer_byte_rate", -1.0))
                .setValidateOnly(true));

        // then
        assertThat(results)
                .containsExactly("NONE null", "INVALID_REQUEST Quota producer_byte_rate must be greater than 0");
        assertThat(cluster.image.clientQuotas().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user|alice|producer_byte_rate|0|Quota producer_byte_rate must be greater than 0",
                "user|alice|producer_byte_rate|1.5|producer_byte_rate cannot be a fractional value.",
                "user|alice|consumer_byte_rate|1e30|Proposed value for consumer_byte_rate is too large for a LONG.",
                "ip|10.0.0.1|connection_creation_rate|3e9|Proposed value for connection_creation_rate is too large for"
                        + " an INT.",
                "user|alice|connection_creation_rate|1|Invalid configuration key connection_creation_rate",
                "ip|10.0.0.1|producer_byte_rate|1|Invalid configuration key producer_byte_rate",
                "user|alice|bogus|1|Invalid configuration key bogus",
                "ip|no such host|connection_creation_rate|1|no such host is not a valid IP or resolvable host.",
                "planet|mars|producer_byte_rate|1|Unhandled client quota entity type: planet",
                "user|''|producer_byte_rate|1|Empty user not supported",
            })
    void shouldRefuseInKafkasWords(String type, String name, String key, double value, String message) {
        assertThat(alter(request(entry(type, name).ops(key, value)))).containsExactly("INVALID_REQUEST " + message);
        assertThat(cluster.image.clientQuotas().isEmpty()).isTrue();
    }

    @Test
    void shouldRefuseEmptyAndMixedEntitiesAndAcceptDefaults() {
        assertThat(alter(request(
                        entry().ops("producer_byte_rate", 1.0),
                        entry("ip", "10.0.0.1", "user", "alice").ops("connection_creation_rate", 1.0),
                        entry("user", null, "client-id", null).ops("controller_mutation_rate", 0.1),
                        entry("ip", null).ops("connection_creation_rate", 7.0))))
                .containsExactly(
                        "INVALID_REQUEST Invalid empty client quota entity",
                        "INVALID_REQUEST Invalid quota entity combination, IP entity shouldnot be combined with User"
                                + " or ClientId",
                        "NONE null",
                        "NONE null");
        assertThat(cluster.image.clientQuotas().find(QuotaEntity.of("", ""), QuotaKey.CONTROLLER_MUTATION_RATE))
                .isEqualTo(0.1);
        assertThat(cluster.image.clientQuotas().find(QuotaEntity.ofIp(""), QuotaKey.CONNECTION_CREATION_RATE))
                .isEqualTo(7.0);
    }

    @Test
    void shouldChangeAnEntityWholeOrNotAtAll() {
        // when
        alter(request(
                entry("user", "alice").ops("producer_byte_rate", 1.0, "consumer_byte_rate", -1.0),
                entry("user", "bob").ops("producer_byte_rate", 1.0)));

        // then
        assertThat(described()).containsExactly("{user=bob} {producer_byte_rate=1.0}");
    }

    @Test
    void shouldRefuseAnEntityAndAKeyThatComeTwice() {
        // when
        List<String> entities = alter(request(
                entry("user", "alice").ops("producer_byte_rate", 1.0),
                entry("user", "alice").ops("consumer_byte_rate", 1.0)));
        Entry twice = entry("user", "bob").ops("producer_byte_rate", 1.0);
        twice.ops("producer_byte_rate", 2.0);

        // then
        assertThat(entities)
                .containsExactly("INVALID_REQUEST Ignoring duplicate entity ClientQuotaEntity(entries={user=alice})");
        assertThat(alter(request(twice)))
                .containsExactly("INVALID_REQUEST Ignoring duplicate entity ClientQuotaEntity(entries={user=bob})");
    }

    @Test
    void shouldRefuseMoreChangesThanOneStepOfTheLogTakes() {
        // given
        AlterClientQuotasRequestData request = new AlterClientQuotasRequestData();
        for (int i = 0; i <= ClientQuotaAlteration.MAX_RECORDS; i++) {
            request.entries().add(entry("user", "u" + i).ops("producer_byte_rate", 1.0).data);
        }

        // when
        List<String> results = alter(request);

        // then
        assertThat(Set.copyOf(results))
                .containsExactly("POLICY_VIOLATION Unable to perform excessively large batch operation.");
        assertThat(cluster.image.clientQuotas().isEmpty()).isTrue();
    }

    @Test
    void shouldBringQuotasThroughASnapshot() {
        // given
        alter(request(
                entry("user", "alice", "client-id", null).ops("producer_byte_rate", 1.0, "request_percentage", 0.25),
                entry("ip", null).ops("connection_creation_rate", 3.0)));

        // when
        JournalReplay replay = new JournalReplay(0);
        long offset = 0;
        for (MetadataRecord record : ImageRecords.snapshot(cluster.image)) {
            replay.replay(offset++, record);
        }

        // then
        assertThat(facts(replay.image()))
                .isEqualTo(facts(cluster.image))
                .contains(new ClientQuotaChanged(QuotaEntity.of("alice", ""), "request_percentage", 0.25));
    }

    @Test
    void shouldSelectByFilter() {
        // given
        alter(request(
                entry("user", "alice").ops("producer_byte_rate", 1.0),
                entry("user", null).ops("producer_byte_rate", 2.0),
                entry("user", "alice", "client-id", "c").ops("producer_byte_rate", 3.0),
                entry("client-id", "c").ops("producer_byte_rate", 4.0),
                entry("ip", "10.0.0.1").ops("connection_creation_rate", 5.0)));

        // then
        assertThat(values(false)).containsExactlyInAnyOrder(1.0, 2.0, 3.0, 4.0, 5.0);
        assertThat(values(true)).isEmpty();
        assertThat(values(false, component("user", EXACT, "alice"))).containsExactlyInAnyOrder(1.0, 3.0);
        assertThat(values(true, component("user", EXACT, "alice"))).containsExactly(1.0);
        assertThat(values(false, component("user", DEFAULT, null))).containsExactly(2.0);
        assertThat(values(false, component("user", SPECIFIED, null))).containsExactlyInAnyOrder(1.0, 2.0, 3.0);
        assertThat(values(true, component("user", SPECIFIED, null), component("client-id", EXACT, "c")))
                .containsExactly(3.0);
        assertThat(values(true, component("ip", SPECIFIED, null))).containsExactly(5.0);
    }

    @Test
    void shouldRefuseFiltersThatMakeNoSense() {
        assertThat(refusal(component("", EXACT, "x"))).isEqualTo("INVALID_REQUEST Invalid empty entity type.");
        assertThat(refusal(component("user", EXACT, "x"), component("user", DEFAULT, null)))
                .isEqualTo("INVALID_REQUEST Entity type user cannot appear more than once in the filter.");
        assertThat(refusal(component("planet", EXACT, "x")))
                .isEqualTo("UNSUPPORTED_VERSION Unsupported entity type planet");
        assertThat(refusal(component("user", EXACT, null)))
                .isEqualTo("INVALID_REQUEST Request specified MATCH_TYPE_EXACT, but set match string to null.");
        assertThat(refusal(component("user", DEFAULT, "x")))
                .isEqualTo("INVALID_REQUEST Request specified MATCH_TYPE_DEFAULT, but also specified a match string.");
        assertThat(refusal(component("user", SPECIFIED, "x")))
                .isEqualTo(
                        "INVALID_REQUEST Request specified MATCH_TYPE_SPECIFIED, but also specified a match string.");
        assertThat(refusal(component("user", (byte) 9, null))).isEqualTo("INVALID_REQUEST Unknown match type 9");
        assertThat(refusal(component("user", SPECIFIED, null), component("ip", SPECIFIED, null)))
                .startsWith("INVALID_REQUEST Invalid entity filter component combination.");
    }

    private List<String> alter(AlterClientQuotasRequestData request) {
        AlterClientQuotasResponseData answer = cluster.apply(
                cluster.controller.alterClientQuotas(cluster.image, request, host -> !host.contains(" ")));
        return answer.entries().stream()
                .map(result -> Errors.forCode(result.errorCode()) + " " + result.errorMessage())
                .toList();
    }

    private DescribeClientQuotasResponseData describe(boolean strict, ComponentData... components) {
        return ClientQuotaDescription.describe(
                cluster.image.clientQuotas(),
                new DescribeClientQuotasRequestData().setStrict(strict).setComponents(List.of(components)));
    }

    private List<Double> values(boolean strict, ComponentData... components) {
        List<Double> values = new ArrayList<>();
        describe(strict, components)
                .entries()
                .forEach(entry -> entry.values().forEach(each -> values.add(each.value())));
        return values;
    }

    private String refusal(ComponentData... components) {
        DescribeClientQuotasResponseData answer = describe(false, components);
        assertThat(answer.entries()).isNull();
        return Errors.forCode(answer.errorCode()) + " " + answer.errorMessage();
    }

    private List<String> described() {
        return describe(false).entries().stream()
                .map(entry -> {
                    Map<String, @Nullable String> names = new HashMap<>();
                    entry.entity().forEach(part -> names.put(part.entityType(), part.entityName()));
                    Map<String, Double> values = new HashMap<>();
                    entry.values().forEach(each -> values.put(each.key(), each.value()));
                    return names + " " + values;
                })
                .toList();
    }

    private static ComponentData component(String type, byte matchType, @Nullable String match) {
        return new ComponentData().setEntityType(type).setMatchType(matchType).setMatch(match);
    }

    private static AlterClientQuotasRequestData request(Entry... entries) {
        AlterClientQuotasRequestData request = new AlterClientQuotasRequestData();
        for (Entry entry : entries) {
            request.entries().add(entry.data);
        }
        return request;
    }

    private static Entry entry(@Nullable String... typesAndNames) {
        return new Entry(typesAndNames);
    }

    /** One entity of a request with its operations. */
    private static final class Entry {
        final AlterClientQuotasRequestData.EntryData data = new AlterClientQuotasRequestData.EntryData();

        Entry(@Nullable String... typesAndNames) {
            for (int i = 0; i < typesAndNames.length; i += 2) {
                data.entity()
                        .add(new AlterClientQuotasRequestData.EntityData()
                                .setEntityType(typesAndNames[i])
                                .setEntityName(typesAndNames[i + 1]));
            }
        }

        /** Key, value, key, value; a null value takes the key away. */
        Entry ops(@Nullable Object... keysAndValues) {
            for (int i = 0; i < keysAndValues.length; i += 2) {
                Double value = (Double) keysAndValues[i + 1];
                data.ops()
                        .add(new AlterClientQuotasRequestData.OpData()
                                .setKey((String) keysAndValues[i])
                                .setValue(value == null ? 0 : value)
                                .setRemove(value == null));
            }
            return this;
        }
    }
}
