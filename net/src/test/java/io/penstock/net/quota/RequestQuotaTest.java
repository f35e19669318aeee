package io.penstock.net.quota;

import static io.penstock.core.metadata.QuotaKey.CONSUMER_BYTE_RATE;
import static io.penstock.core.metadata.QuotaKey.CONTROLLER_MUTATION_RATE;
import static io.penstock.core.metadata.QuotaKey.PRODUCER_BYTE_RATE;
import static io.penstock.core.metadata.QuotaKey.REQUEST_PERCENTAGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.MutationQuota;
import io.penstock.core.metadata.ClientQuotas;
import io.penstock.core.metadata.ImageReplay;
import io.penstock.core.metadata.MetadataController;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.MetadataRecord;
import io.penstock.core.metadata.QuotaKey;
import io.penstock.core.quota.ClientMeters;
import io.penstock.core.quota.QuotaWindow;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntityData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntryData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.OpData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class RequestQuotaTest {
    private static final String PRINCIPAL = "User:alice";

    private final ClientMeters meters = new ClientMeters(QuotaWindow.DEFAULT, QuotaWindow.DEFAULT);
    private MetadataImage image = MetadataImage.EMPTY;
    private long nowNs = TimeUnit.HOURS.toNanos(1);
    private final ConnectionThrottling connection =
            new ConnectionThrottling(new ClientThrottling(this::quotas, meters, () -> nowNs));

    @Test
    void shouldCostNothingWithoutQuotas() {
        assertThat(begin()).isSameAs(RequestQuota.NONE);
        assertThat(begin().onAnswer(ApiKeys.PRODUCE, 1 << 30)).isZero();
        assertThat(begin().onFetch(1 << 30)).isZero();
        assertThat(begin().maxFetchBytes(1 << 30)).isEqualTo(1 << 30);
        assertThat(begin().mutations(true)).isSameAs(MutationQuota.UNLIMITED);
        assertThat(meters.meters()).isEmpty();
    }

    @Test
    void shouldCountProducedBytesWithAndWithoutAnAnswer() {
        // given
        set(PRODUCER_BYTE_RATE, 1_000.0);

        // then
        assertThat(begin().onAnswer(ApiKeys.PRODUCE, 6_000)).isZero();
        assertThat(begin().onNoAnswer(5_000)).isEqualTo(1_000);
        assertThat(begin().onAnswer(ApiKeys.METADATA, 50_000)).isZero();
    }

    @Test
    void shouldCountARequestOnceHoweverOftenAsked() {
        // given
        set(PRODUCER_BYTE_RATE, 1_000.0);
        RequestQuota quota = begin();

        // then
        assertThat(quota.onAnswer(ApiKeys.PRODUCE, 11_000)).isEqualTo(1_000);
        assertThat(quota.onAnswer(ApiKeys.PRODUCE, 11_000)).isEqualTo(1_000);
    }

    @Test
    void shouldNotCountTheBytesOfAFetchThatIsThrottled() {
        // given
        set(CONSUMER_BYTE_RATE, 1_000.0);
        assertThat(begin().onFetch(10_000)).isZero();

        // when
        RequestQuota throttled = begin();
        assertThat(throttled.onFetch(2_000)).isEqualTo(2_000);

        // then
        assertThat(throttled.onAnswer(ApiKeys.FETCH, 100)).isEqualTo(2_000);
        assertThat(begin().onFetch(0)).isZero();
        assertThat(begin().maxFetchBytes(1 << 20)).isEqualTo(10_000);
    }

    @Test
    void shouldCountTheTimeOfTheEventLoopUntilTheHandlerReturned() {
        // given
        set(REQUEST_PERCENTAGE, 1.0);
        RequestQuota slow = begin();
        nowNs += TimeUnit.MILLISECONDS.toNanos(110);
        slow.onDispatched();
        nowNs += TimeUnit.SECONDS.toNanos(5);

        // then: 11 % of ten seconds, where 10 % are due
        assertThat(slow.onAnswer(ApiKeys.METADATA, 100)).isEqualTo(1_000);
    }

    @Test
    void shouldNotHoldBackForTimeWhereNothingIsAnswered() {
        // given
        set(REQUEST_PERCENTAGE, 0.001);
        RequestQuota quota = begin();
        nowNs += TimeUnit.SECONDS.toNanos(1);

        // then
        assertThat(quota.onNoAnswer(1_000)).isZero();
    }

    @Test
    void shouldThrottleForTheLongerOfTwoQuotas() {
        // given
        set(REQUEST_PERCENTAGE, 0.001);
        set(PRODUCER_BYTE_RATE, 1_000.0);
        RequestQuota quota = begin();
        nowNs += TimeUnit.MILLISECONDS.toNanos(50);

        // then
        assertThat(quota.onAnswer(ApiKeys.PRODUCE, 15_000)).isEqualTo(5_000);
        assertThat(begin().onAnswer(ApiKeys.METADATA, 100)).isEqualTo(1_000);
    }

    @Test
    void shouldThrottleForChangesOfTopics() {
        // given
        set(CONTROLLER_MUTATION_RATE, 1.0);
        RequestQuota quota = begin();
        MutationQuota topics = quota.mutations(true);
        assertThat(topics.tryTake(12)).isTrue();
        assertThat(topics.tryTake(1)).isFalse();

        // then
        assertThat(quota.onAnswer(ApiKeys.CREATE_TOPICS, 100)).isEqualTo(1_000);
        assertThat(begin().onAnswer(ApiKeys.METADATA, 100)).isZero();
    }

    @Test
    void shouldFollowQuotasThatChangeWhileConnected() {
        // given
        set(PRODUCER_BYTE_RATE, 1_000.0);
        assertThat(begin().onAnswer(ApiKeys.PRODUCE, 20_000)).isPositive();

        // when
        set(PRODUCER_BYTE_RATE, 1_000_000.0);

        // then
        assertThat(begin().onAnswer(ApiKeys.PRODUCE, 20_000)).isZero();
    }

    @Test
    void shouldWriteThrottleTimesIntoAnswersThatHaveThem() {
        // given
        FetchResponseData answer = new FetchResponseData();

        // when
        ThrottleTime.set(answer, 42);
        ThrottleTime.set(new SaslHandshakeResponseData(), 42);

        // then
        assertThat(answer.throttleTimeMs()).isEqualTo(42);
    }

    private RequestQuota begin() {
        return connection.begin(PRINCIPAL, "app", nowNs);
    }

    private ClientQuotas quotas() {
        return image.clientQuotas();
    }

    private void set(QuotaKey key, double value) {
        EntryData entry = new EntryData()
                .setEntity(List.of(new EntityData().setEntityType("user").setEntityName("alice")))
                .setOps(List.of(new OpData().setKey(key.text()).setValue(value)));
        ImageReplay replay = new ImageReplay(image);
        long offset = image.offset();
        for (MetadataRecord record : new MetadataController(Uuid::randomUuid)
                .alterClientQuotas(image, new AlterClientQuotasRequestData().setEntries(List.of(entry)), host -> true)
                .records()) {
            replay.replay(offset++, record);
        }
        image = replay.image();
    }
}
