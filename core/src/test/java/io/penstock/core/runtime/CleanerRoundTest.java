package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.partition.PartitionConfig;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.PartitionStatus;
import io.penstock.storage.CompactionConfig;
import io.penstock.storage.LogConfig;
import io.penstock.storage.compact.Cleanable;
import io.penstock.storage.fixture.KeyedBatches;
import io.penstock.storage.fixture.RecordBatches;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which logs are compacted, and that they are. */
@SuppressWarnings("NullAway") // the choice does not look at the partition
class CleanerRoundTest {

    @Test
    void shouldChooseTheDirtiestThatAreDue() {
        // given
        LogCleaning.Answer half = answer(50, 50, 0, false);
        LogCleaning.Answer most = answer(10, 90, 0, false);
        LogCleaning.Answer little = answer(90, 10, 0, false);
        LogCleaning.Answer overdue = answer(80, 20, 1, false);
        LogCleaning.Answer broken = answer(0, 100, 0, true);

        // when
        List<LogCleaning.Answer> chosen = CleanerRound.choose(List.of(half, little, overdue, broken, most), 5);

        // then
        assertThat(chosen).containsExactly(most, half, overdue);
        assertThat(CleanerRound.choose(List.of(half, most), 1)).containsExactly(most);
        assertThat(CleanerRound.choose(List.of(half, most), 0)).isEmpty();
    }

    private static LogCleaning.Answer answer(long cleanBytes, long dirtyBytes, long overdueMs, boolean broken) {
        return new LogCleaning.Answer(null, new Cleanable(0, 10, 1, cleanBytes, dirtyBytes, overdueMs, 0.4), broken);
    }

    @ParameterizedTest
    @CsvSource({"0,50", "50,50", "300,300", "1000,1000", "15000,1000"})
    void shouldWakeUpAsOftenAsTheBackoffNeeds(int backoffMs, long expectedMs) {
        CleanerSettings settings = new CleanerSettings(true, 1, 1 << 20, 0.9, Double.MAX_VALUE, backoffMs);

        CleanerRound round = new CleanerRound(null, () -> settings, Runnable::run, Runnable::run, Clock.SYSTEM, null);

        assertThat(round.nextTickMs()).isEqualTo(expectedMs);
    }

    @Test
    void shouldCompactALogWhosePolicySaysSo() throws Exception {
        // given
        try (FleetFixture broker = new FleetFixture()) {
            broker.cleaner = new CleanerSettings(true, 1, 1 << 20, 0.9, Double.MAX_VALUE, 1);
            PartitionSpec base = FleetFixture.spec(Uuid.randomUuid(), 0, PartitionConfig.DEFAULT);
            LogConfig log = LogConfig.DEFAULT
                    .withSegmentBytes(1_000)
                    .withCompaction(new CompactionConfig(true, 0, 0.01, 0, Long.MAX_VALUE, 1 << 20));
            PartitionId id = base.id();
            FleetFixture.await(broker.fleet.apply(
                    new PartitionSpec(base.image(), base.topicName(), base.logId(), base.config(), log)));
            int bytes = 0;
            for (int i = 0; i < 100; i++) {
                var batch = RecordBatches.batch(
                        CompressionType.NONE, -1, -1, -1, false, KeyedBatches.record("key-" + i % 3, "value-" + i));
                bytes += batch.remaining();
                broker.append(id, batch, 1);
            }

            // when
            long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            PartitionStatus status = status(broker, id);
            while (status.sizeBytes() > bytes / 2 && System.nanoTime() - untilNs < 0) {
                TimeUnit.MILLISECONDS.sleep(50);
                status = status(broker, id);
            }

            // then
            assertThat(status.sizeBytes()).isLessThanOrEqualTo(bytes / 2);
            assertThat(status.logEndOffset()).isEqualTo(100);
        }
    }

    private static PartitionStatus status(FleetFixture broker, PartitionId id) {
        return broker.<PartitionStatus>ask(reply -> broker.router().status(id, reply));
    }
}
