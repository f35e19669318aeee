package io.penstock.core.quota;

import static io.penstock.core.metadata.QuotaEntity.DEFAULT;
import static io.penstock.core.metadata.QuotaEntity.ofClientId;
import static io.penstock.core.metadata.QuotaEntity.ofUser;
import static io.penstock.core.metadata.QuotaKey.CONSUMER_BYTE_RATE;
import static io.penstock.core.metadata.QuotaKey.CONTROLLER_MUTATION_RATE;
import static io.penstock.core.metadata.QuotaKey.PRODUCER_BYTE_RATE;
import static io.penstock.core.metadata.QuotaKey.REQUEST_PERCENTAGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.metadata.ClientQuotas;
import io.penstock.core.metadata.QuotaEntity;
import io.penstock.core.metadata.QuotaFixture;
import io.penstock.core.metadata.QuotaKey;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClientMetersTest {
    private static final String USER = "alice";
    private static final String CLIENT = "app";
    /** From the most specific to the least. */
    private static final List<QuotaEntity> LEVELS = List.of(
            QuotaEntity.of(USER, CLIENT),
            QuotaEntity.of(USER, DEFAULT),
            ofUser(USER),
            QuotaEntity.of(DEFAULT, CLIENT),
            QuotaEntity.of(DEFAULT, DEFAULT),
            ofUser(DEFAULT),
            ofClientId(CLIENT),
            ofClientId(DEFAULT));

    private final ClientMeters meters = new ClientMeters(QuotaWindow.DEFAULT, QuotaWindow.DEFAULT, 3);
    private ClientQuotas quotas = ClientQuotas.NONE;
    private long nowMs = 1_000_000;

    @Test
    void shouldTakeTheMostSpecificOfEightLevels() {
        // given
        for (int level = 0; level < LEVELS.size(); level++) {
            set(LEVELS.get(level), PRODUCER_BYTE_RATE, 100 + level);
        }

        for (int level = 0; level < LEVELS.size(); level++) {
            // then
            QuotaMatch match = Objects.requireNonNull(QuotaMatch.find(quotas, PRODUCER_BYTE_RATE, USER, CLIENT));
            assertThat(match.source()).isEqualTo(LEVELS.get(level));
            assertThat(match.limitPerSecond()).isEqualTo(100 + level);
            quotas = QuotaFixture.without(quotas, LEVELS.get(level), PRODUCER_BYTE_RATE);
        }
        assertThat(QuotaMatch.find(quotas, PRODUCER_BYTE_RATE, USER, CLIENT)).isNull();
    }

    @Test
    void shouldMeasureTogetherWhoSharesAQuota() {
        // given
        set(ofUser(USER), PRODUCER_BYTE_RATE, 500);
        assertThat(limits(USER, "one").recordProduce(5_000, nowMs)).isZero();

        // then
        assertThat(limits(USER, "two").recordProduce(1_000, nowMs)).isEqualTo(2_000);
        assertThat(limits("bob", "one").recordProduce(1_000_000, nowMs)).isZero();
    }

    @Test
    void shouldMeasureApartWhoHasADefaultQuotaOfTheirOwn() {
        // given
        set(ofClientId(DEFAULT), CONSUMER_BYTE_RATE, 500);

        // then
        assertThat(limits(USER, "one").recordFetch(6_000, nowMs)).isEqualTo(2_000);
        assertThat(limits(USER, "two").recordFetch(1_000, nowMs)).isZero();
        assertThat(limits("bob", "one").recordFetch(0, nowMs)).isPositive();
    }

    @Test
    void shouldHoldUsersToTheirQuotaWhoGiveNoClientId() {
        // given
        set(ofClientId(DEFAULT), PRODUCER_BYTE_RATE, 1);
        assertThat(limits(USER, "").recordProduce(1_000_000, nowMs)).isZero();

        // when
        set(ofUser(DEFAULT), PRODUCER_BYTE_RATE, 1);

        // then
        assertThat(limits(USER, "").recordProduce(1_000_000, nowMs)).isPositive();
    }

    @Test
    void shouldTakeBackTheBytesOfAnAnswerThatIsNotSent() {
        // given
        set(ofUser(USER), CONSUMER_BYTE_RATE, 500);
        ClientLimits limits = limits(USER, CLIENT);
        assertThat(limits.recordFetch(6_000, nowMs)).isPositive();

        // when
        limits.unrecordFetch(6_000, nowMs);

        // then
        assertThat(limits.recordFetch(5_000, nowMs)).isZero();
        assertThat(limits.maxFetchBytes()).isEqualTo(5_000);
    }

    @Test
    void shouldThrottleRequestTimeForAtMostOneSample() {
        // given
        set(ofUser(USER), REQUEST_PERCENTAGE, 1);
        ClientLimits limits = limits(USER, CLIENT);
        assertThat(limits.recordRequest(TimeUnit.MILLISECONDS.toNanos(100), nowMs))
                .isZero();

        // then
        assertThat(limits.recordRequest(TimeUnit.MILLISECONDS.toNanos(5), nowMs))
                .isEqualTo(500);
        assertThat(limits.recordRequest(TimeUnit.SECONDS.toNanos(100), nowMs)).isEqualTo(1_000);
    }

    @Test
    void shouldRefuseOrDelayChangesOfTopicsBeyondTheQuota() {
        // given
        set(ofUser(USER), CONTROLLER_MUTATION_RATE, 1);
        MutationThrottle strict = new MutationThrottle(limits(USER, CLIENT), true, () -> nowMs);
        MutationThrottle lenient = new MutationThrottle(limits(USER, CLIENT), false, () -> nowMs);

        // then
        assertThat(strict.tryTake(13)).isTrue();
        assertThat(strict.throttleMs()).isZero();
        assertThat(strict.tryTake(1)).isFalse();
        assertThat(strict.throttleMs()).isEqualTo(2_000);
        assertThat(lenient.tryTake(1)).isTrue();
        assertThat(lenient.throttleMs()).isEqualTo(3_000);
        nowMs += 1_000;
        assertThat(strict.throttleMs()).isEqualTo(2_000);
        nowMs += 2_000;
        assertThat(strict.tryTake(1)).isTrue();
    }

    @Test
    void shouldFollowAChangedQuotaWithoutForgettingWhatWasUsed() {
        // given
        set(ofUser(USER), PRODUCER_BYTE_RATE, 1_000);
        ClientLimits before = limits(USER, CLIENT);
        assertThat(before.recordProduce(6_000, nowMs)).isZero();

        // when
        set(ofUser(USER), PRODUCER_BYTE_RATE, 500);

        // then
        assertThat(before.isCurrent(quotas, USER, CLIENT)).isFalse();
        assertThat(limits(USER, CLIENT).recordProduce(0, nowMs)).isEqualTo(2_000);
    }

    @Test
    void shouldForgetAMeterThatNobodyUsedForAnHour() {
        // given
        set(ofUser(DEFAULT), PRODUCER_BYTE_RATE, 1_000);
        ClientLimits idle = limits("idle", CLIENT);
        ClientLimits busy = limits("busy", CLIENT);

        // when
        nowMs += ClientMeters.EXPIRY_MS - 1;
        busy.recordProduce(1, nowMs);
        nowMs += 1;
        meters.sweep(nowMs);

        // then
        assertThat(meters.meters()).extracting(ClientMeter::user).containsExactly("busy");
        assertThat(idle.isCurrent(quotas, "idle", CLIENT)).isFalse();
        assertThat(busy.isCurrent(quotas, "busy", CLIENT)).isTrue();
    }

    @Test
    void shouldLetLatecomersShareAMeterWhenThereAreTooMany() {
        // given
        set(ofClientId(DEFAULT), PRODUCER_BYTE_RATE, 500);
        for (int i = 0; i < 3; i++) {
            assertThat(limits(USER, "app-" + i).recordProduce(5_000, nowMs)).isZero();
        }

        // when
        assertThat(limits(USER, "late-1").recordProduce(5_000, nowMs)).isZero();

        // then
        assertThat(limits(USER, "late-2").recordProduce(5_000, nowMs)).isPositive();
        assertThat(limits(USER, "app-1").recordProduce(0, nowMs)).isZero();
        assertThat(meters.meters()).hasSize(4);
    }

    @Test
    void shouldTellTheAverageOfThrottleTimes() {
        // given
        set(ofUser(USER), PRODUCER_BYTE_RATE, 500);
        ClientLimits limits = limits(USER, CLIENT);

        // when
        limits.onThrottled(PRODUCER_BYTE_RATE, 100, nowMs);
        limits.onThrottled(PRODUCER_BYTE_RATE, 300, nowMs);

        // then
        assertThat(meters.meters())
                .singleElement()
                .satisfies(meter -> assertThat(meter.throttleTimeMs(nowMs)).isEqualTo(200));
    }

    private void set(QuotaEntity entity, QuotaKey key, double value) {
        quotas = QuotaFixture.with(quotas, entity, key, value);
    }

    private ClientLimits limits(String user, String clientId) {
        return meters.limits(quotas, user, clientId, nowMs);
    }
}
