package io.penstock.net.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.config.ClientMetricsConfigs;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ClientInstancesTest {
    private static final int MAX_BYTES = 1000;
    private static final byte GZIP = 1;
    private static final List<ClientMetricsConfigs> EVERY_SECOND =
            List.of(ClientMetricsConfigs.of(Map.of("interval.ms", "1000", "metrics", "a.,b.")));

    private final ClientInstances instances = new ClientInstances();
    private final ClientFacts client = client(new Uuid(7, 7), "app");

    @Test
    void shouldThrottleAClientThatAsksAgainBeforeItsIntervalIsOver() {
        assertThat(find(0).onGet(0)).isEqualTo(Errors.NONE);
        assertThat(find(999).onGet(999)).isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED);
        assertThat(find(1000).onGet(1000)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldTakeOnePushPerInterval() {
        find(0).onGet(0);
        assertThat(push(1)).as("the first one is due at once").isEqualTo(Errors.NONE);
        assertThat(push(900)).isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED);
        assertThat(push(1001)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldTakeTheLastPushAtAnyTimeAndNothingAfterIt() {
        find(0).onGet(0);
        push(1);
        ClientInstance instance = find(2);
        int id = instance.subscription().id();

        assertThat(instance.onPush(id, true, GZIP, 10, MAX_BYTES, 2)).isEqualTo(Errors.NONE);
        assertThat(instance.onPush(id, false, GZIP, 10, MAX_BYTES, 5000)).isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void shouldRefuseWhatDoesNotFitTheSubscriptionAndLetTheClientAskAtOnce() {
        find(0).onGet(0);
        ClientInstance instance = find(1);
        int id = instance.subscription().id();

        assertThat(instance.onPush(id + 1, false, GZIP, 10, MAX_BYTES, 1)).isEqualTo(Errors.UNKNOWN_SUBSCRIPTION_ID);
        assertThat(instance.onGet(2)).isEqualTo(Errors.NONE);
        assertThat(instance.onPush(id, false, 9, 10, MAX_BYTES, 3)).isEqualTo(Errors.UNSUPPORTED_COMPRESSION_TYPE);
        assertThat(instance.onGet(4)).isEqualTo(Errors.NONE);
        assertThat(instance.onPush(id, false, GZIP, MAX_BYTES + 1, MAX_BYTES, 5))
                .isEqualTo(Errors.TELEMETRY_TOO_LARGE);
        assertThat(instance.onGet(6)).isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED);
    }

    @Test
    void shouldTellAChangedSubscriptionAtOnceUnderAnotherId() {
        // given
        find(0).onGet(0);
        int before = find(0).subscription().id();

        // when
        ClientInstance changed = instances.find(
                client, List.of(ClientMetricsConfigs.of(Map.of("interval.ms", "1000", "metrics", "c."))), 1);

        // then
        assertThat(changed.onGet(1)).isEqualTo(Errors.NONE);
        assertThat(changed.subscription().id()).isNotEqualTo(before);
    }

    @Test
    void shouldUniteAllSubscriptionsThatMeanTheClient() {
        // when
        Subscription subscription = Subscription.of(
                client,
                List.of(
                        ClientMetricsConfigs.of(Map.of("metrics", "a.,b.", "interval.ms", "5000")),
                        ClientMetricsConfigs.of(Map.of("metrics", "b.,c.", "match", "client_id=app")),
                        ClientMetricsConfigs.of(
                                Map.of("metrics", "x.", "interval.ms", "100", "match", "client_id=other"))));

        // then
        assertThat(subscription.metrics()).containsExactly("a.", "b.", "c.");
        assertThat(subscription.intervalMs()).isEqualTo(5000);
    }

    @Test
    void shouldAskForAllMetricsOnceAnySubscriptionDoes() {
        assertThat(Subscription.of(
                                client,
                                List.of(
                                        ClientMetricsConfigs.of(Map.of("metrics", "a.")),
                                        ClientMetricsConfigs.of(Map.of("metrics", "*"))))
                        .metrics())
                .containsExactly("*");
        assertThat(Subscription.of(client, List.of())).satisfies(none -> {
            assertThat(none.metrics()).isEmpty();
            assertThat(none.intervalMs()).isEqualTo(300_000);
        });
    }

    @Test
    void shouldForgetClientsThatAreSilentAndKeepABoundedNumber() {
        // given
        for (int i = 0; i < ClientInstances.MAX_INSTANCES + 10; i++) {
            instances.find(client(new Uuid(8, i), "c"), EVERY_SECOND, 0);
        }
        int most = instances.size();

        // when
        for (int i = 0; i < ClientInstances.MAX_INSTANCES; i++) {
            instances.find(client, EVERY_SECOND, 60_001);
        }

        // then
        assertThat(most).isEqualTo(ClientInstances.MAX_INSTANCES);
        assertThat(instances.size()).isEqualTo(1);
    }

    private ClientInstance find(long nowMs) {
        return instances.find(client, EVERY_SECOND, nowMs);
    }

    private Errors push(long nowMs) {
        ClientInstance instance = find(nowMs);
        return instance.onPush(instance.subscription().id(), false, GZIP, 10, MAX_BYTES, nowMs);
    }

    private static ClientFacts client(Uuid id, String clientId) {
        return new ClientFacts(id, clientId, "software", "1", "127.0.0.1", 1234);
    }
}
