package io.penstock.config.dynamic;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.config.BrokerConfig;
import io.penstock.config.dynamic.AlterOutcome.Accepted;
import io.penstock.config.dynamic.AlterOutcome.Reason;
import io.penstock.config.dynamic.AlterOutcome.Refused;
import io.penstock.config.dynamic.BrokerAlteration.Scope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokerAlterationTest {

    private static final BrokerConfig BROKER = BrokerConfig.defaults()
            .withDynamic(Map.of("log.retention.ms", "1", "max.connections", "2"), Map.of("message.max.bytes", "3"));

    private static AlterOutcome alter(Scope scope, ConfigOp... ops) {
        return BrokerAlteration.alter(BROKER, scope, List.of(ops));
    }

    @Test
    void shouldChangeOnlyLevelAskedFor() {
        assertThat(alter(Scope.CLUSTER, ConfigOp.set("message.max.bytes", "9"), ConfigOp.delete("max.connections")))
                .isEqualTo(new Accepted(Map.of("log.retention.ms", "1", "message.max.bytes", "9")));
        assertThat(alter(Scope.BROKER, ConfigOp.set("log.retention.ms", "9")))
                .isEqualTo(new Accepted(Map.of("message.max.bytes", "3", "log.retention.ms", "9")));
    }

    @Test
    void shouldRefuseWhatIsFixedAtStart() {
        // when
        AlterOutcome outcome = alter(
                Scope.BROKER,
                ConfigOp.set("socket.request.max.bytes", "1"),
                ConfigOp.set("log.dirs", "/x"),
                ConfigOp.set("log.retention.ms", "5"));

        // then
        assertThat(outcome)
                .isEqualTo(new Refused(
                        Reason.INVALID_REQUEST,
                        "Cannot update these configs dynamically: [log.dirs, socket.request.max.bytes]"));
    }

    @Test
    void shouldRefuseSettingOfOneBrokerAsDefaultOfAll() {
        assertThat(alter(Scope.CLUSTER, ConfigOp.set("principal.builder.class", "x")))
                .isEqualTo(new Refused(
                        Reason.INVALID_REQUEST,
                        "Cannot update these configs at default cluster level, broker id must be specified: "
                                + "[principal.builder.class]"));
    }

    @Test
    void shouldTakeAKeyThatNobodyKnowsAsKafkaDoes() {
        assertThat(alter(Scope.CLUSTER, ConfigOp.set("no.such.key", "x"))).isInstanceOf(Accepted.class);
        assertThat(BrokerAlteration.replace(BROKER, Scope.BROKER, Map.of("no.such.key", "x")))
                .isEqualTo(new Accepted(Map.of("no.such.key", "x")));
    }

    @Test
    void shouldTakeStoresOfKeysForOneListenerOnly() {
        assertThat(alter(Scope.BROKER, ConfigOp.set("ssl.truststore.type", "PKCS12")))
                .isEqualTo(new Refused(
                        Reason.INVALID_REQUEST,
                        "These security configs can be dynamically updated only per-listener using the listener prefix:"
                                + " [ssl.truststore.type]"));
        assertThat(alter(Scope.BROKER, ConfigOp.set("listener.name.internal.ssl.truststore.type", "PKCS12")))
                .isInstanceOf(Accepted.class);
    }

    @Test
    void shouldRefuseBadValue() {
        assertThat(alter(Scope.CLUSTER, ConfigOp.set("message.max.bytes", "-1")))
                .isEqualTo(new Refused(
                        Reason.INVALID_REQUEST,
                        "Invalid value -1 for configuration message.max.bytes: expected an int of at least 0"));
    }

    @Test
    void shouldRefuseValueThatContradictsAnother() {
        assertThat(alter(Scope.CLUSTER, ConfigOp.set("max.connections.per.ip", "0")))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.message())
                                .contains("max.connections.per.ip.overrides lists no exceptions"));
    }

    @Test
    void shouldNeverRepeatSecretInRefusal() {
        // when
        AlterOutcome outcome = alter(
                Scope.BROKER,
                ConfigOp.set("listener.name.x.ssl.key.password", "geheim"),
                ConfigOp.set("message.max.bytes", "-1"));

        // then
        assertThat(outcome.toString()).doesNotContain("geheim");
    }

    @Test
    void shouldAcceptDynamicSettingWithoutEffect() {
        assertThat(BrokerAlteration.replace(BROKER, Scope.CLUSTER, Map.of("num.io.threads", "16")))
                .isEqualTo(new Accepted(Map.of("num.io.threads", "16")));
    }
}
