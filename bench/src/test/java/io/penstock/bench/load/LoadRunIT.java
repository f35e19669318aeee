package io.penstock.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.bench.fixture.LocalBroker;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class LoadRunIT {
    private static final int RATE = 200;
    private static final long SECOND_NS = 1_000_000_000L;

    @TempDir
    private static Path directory;

    private static LocalBroker broker;

    private final AtomicInteger warmed = new AtomicInteger();

    @BeforeAll
    static void start() {
        broker = LocalBroker.start(directory.resolve("data"));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static LoadPlan plan(Scenario scenario, String topic) {
        LoadPlan plan = Plans.plan(scenario, broker.address(), topic + "-" + scenario.label());
        assertThat(plan.ratePerSecond()).isEqualTo(RATE);
        return plan;
    }

    private LoadResult run(LoadPlan plan) throws Exception {
        LoadTopic.ensureTopic(broker.address(), plan.topic());
        return new LoadRun(plan, warmed::incrementAndGet).run();
    }

    @ParameterizedTest
    @EnumSource(names = {"CLOSED", "PIPELINED"})
    void shouldMeasureEveryRequestThatTheBrokerHasKept(Scenario scenario) throws Exception {
        // given
        LoadPlan plan = plan(scenario, "all");

        // when
        LoadResult result = run(plan);

        // then
        long requests = result.latencyNs().getTotalCount();
        assertThat(requests).isPositive().isEqualTo(broker.endOffset(plan.topic()));
        assertThat(result.payloadBytes()).isEqualTo(requests * Frames.batchBytes(1, 100));
        assertThat(result.latencyNs().getMinValue()).isPositive();
        assertThat(result.elapsedNs()).isPositive();
        assertThat(warmed).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPEN", "END_TO_END"})
    void shouldSendEveryRequestOfTheSchedule(Scenario scenario) throws Exception {
        // given
        LoadPlan plan = plan(scenario, "scheduled");

        // when
        LoadResult result = run(plan);

        // then
        assertThat(result.latencyNs().getTotalCount()).isEqualTo(RATE);
        assertThat(broker.endOffset(plan.topic())).isEqualTo(RATE);
        assertThat(result.elapsedNs()).isGreaterThanOrEqualTo(SECOND_NS * (RATE - 1) / RATE);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPEN", "END_TO_END"})
    void shouldMeasureNothingOfTheWarmUp(Scenario scenario) throws Exception {
        // given
        LoadPlan plan = Plans.withWarmUp(plan(scenario, "warmed"), 1);

        // when
        LoadResult result = run(plan);

        // then
        assertThat(broker.endOffset(plan.topic())).isEqualTo(2 * RATE);
        assertThat(result.latencyNs().getTotalCount()).isEqualTo(RATE);
        assertThat(warmed).hasValue(1);
    }

    /** What was in flight when the time was over may be kept or not. */
    @ParameterizedTest
    @ValueSource(ints = {100, 1_000_000})
    void shouldMeasureWhatIsAnsweredOnEachConnection(int valueBytes) throws Exception {
        // given
        LoadPlan plan = Plans.withBatch(plan(Scenario.CONNECTIONS, "of-" + valueBytes), 1, valueBytes);

        // when
        LoadResult result = run(plan);

        // then
        long requests = result.latencyNs().getTotalCount();
        assertThat(requests).isPositive();
        assertThat(broker.endOffset(plan.topic())).isBetween(requests, requests + plan.connections());
        assertThat(result.payloadBytes()).isEqualTo(requests * Frames.batchBytes(1, valueBytes));
    }

    @Test
    void shouldDeliverEveryRecordToEveryConsumer() throws Exception {
        // given
        LoadPlan plan = Plans.withBatch(plan(Scenario.FAN_OUT, "to-all"), 3, 100);

        // when
        LoadResult result = run(plan);

        // then
        assertThat(broker.endOffset(plan.topic())).isEqualTo(3L * RATE);
        assertThat(result.latencyNs().getTotalCount()).isEqualTo((long) RATE * plan.connections());
        assertThat(warmed).hasValue(1);
    }

    @Test
    void shouldReadBackWhatItHasWritten() throws Exception {
        // given
        LoadPlan plan = Plans.withBatch(plan(Scenario.READ_BACK, "written"), 160, 1_000);
        int batchBytes = Frames.batchBytes(160, 1_000);

        // when
        LoadResult result = run(plan);

        // then
        assertThat(broker.endOffset(plan.topic())).isEqualTo((256L << 20) / batchBytes * 160);
        assertThat(result.payloadBytes()).isGreaterThanOrEqualTo(batchBytes);
        assertThat(warmed).hasValue(1);
    }

    @Test
    void shouldNotCountTheTimeOfWritingAsWarmUpOfReading() throws Exception {
        // given
        LoadPlan plan = Plans.withBatch(Plans.withWarmUp(plan(Scenario.READ_BACK, "timed"), 1), 160, 1_000);

        // when
        LoadResult result = run(plan);

        // then
        assertThat(result.elapsedNs())
                .isLessThanOrEqualTo(SECOND_NS + result.latencyNs().getMaxValue());
    }

    @Test
    void shouldWaitForAllReplicasIfAsked() throws Exception {
        // given
        LoadPlan one = plan(Scenario.CLOSED, "replicated");
        LoadPlan all =
                new LoadPlan(one.scenario(), one.broker(), one.topic(), (short) -1, 1, 100, RATE, 1, 1, 1, 0, 1, true);

        // when
        LoadResult result = run(all);

        // then
        assertThat(result.latencyNs().getTotalCount()).isPositive().isEqualTo(broker.endOffset(one.topic()));
    }

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void shouldFailWhenTheBrokerRefusesABatch(Scenario scenario) {
        // given
        String topic = broker.createTopic("small-" + scenario.label(), 1_000);
        LoadPlan tooLarge = Plans.withBatch(Plans.plan(scenario, broker.address(), topic), 1, 10_000);

        // then
        assertThatThrownBy(() -> run(tooLarge)).hasMessageContaining("refused").hasMessageContaining("TOO_LARGE");
        assertThat(broker.endOffset(topic)).isZero();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void shouldFailWhenThereIsNoSuchTopic() {
        LoadPlan plan = Plans.plan(Scenario.CLOSED, broker.address(), "nowhere");

        assertThatThrownBy(() -> new LoadRun(plan, () -> {}).run()).hasMessageContaining("UNKNOWN_TOPIC_OR_PARTITION");
    }
}
