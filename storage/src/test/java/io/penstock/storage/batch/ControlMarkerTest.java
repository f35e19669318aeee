package io.penstock.storage.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.fixture.Damage;
import io.penstock.storage.fixture.RecordBatches;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.LeaderChangeMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

class ControlMarkerTest {

    @Test
    void shouldReadWhatKafkaWrites() {
        for (int epoch : new int[] {0, 7, Integer.MAX_VALUE, -1}) {
            assertThat(ControlMarker.read(RecordBatches.commitMarker(1, 2, epoch)))
                    .isEqualTo(new ControlMarker(false, epoch));
            assertThat(ControlMarker.read(RecordBatches.abortMarker(1, 2, epoch)))
                    .isEqualTo(new ControlMarker(true, epoch));
        }
    }

    @Test
    void shouldIgnoreControlRecordsThatEndNoTransaction() {
        // given
        ByteBuffer batch = MemoryRecords.withLeaderChangeMessage(
                        0, 1, 1, ByteBuffer.allocate(200), new LeaderChangeMessage())
                .buffer();

        // when, then
        assertThat(ControlMarker.read(batch)).isNull();
    }

    @Test
    void shouldIgnoreAnEmptyControlBatch() {
        // given
        ByteBuffer batch = RecordBatches.abortMarker(1, 2, 3);
        batch.putInt(BatchHeader.RECORD_COUNT, 0);

        // when, then
        assertThat(ControlMarker.read(batch)).isNull();
    }

    @Test
    void shouldRefuseDamageAndNothingWorse() throws Exception {
        // given
        byte[] intact = RecordBatches.bytes(RecordBatches.abortMarker(1, 2, 3));

        // when, then
        Damage.Check neverWorse = (damaged, what) -> {
            try {
                if (damaged.length >= BatchHeader.HEADER_BYTES) {
                    ControlMarker.read(ByteBuffer.wrap(damaged));
                }
            } catch (CorruptBatchException e) {
                assertThat(e).hasMessageContaining("control record");
            }
        };
        Damage.flipEveryBit(intact, neverWorse);
        Damage.cutEverywhere(intact, neverWorse);
        Damage.lieEverywhere(intact, neverWorse);
    }
}
