package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.PartitionConfig;
import io.penstock.core.partition.PartitionId;
import io.penstock.storage.fixture.RecordBatches;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PartitionFleetTest {
    private final FleetFixture broker = new FleetFixture();

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void shouldReadBackWhatWasAppended() {
        // given
        PartitionId id = broker.deploy(PartitionConfig.DEFAULT);

        // when
        AppendResult first = broker.append(id, RecordBatches.of("a", "b"), -1);
        AppendResult second = broker.append(id, RecordBatches.of("c"), 1);

        // then
        assertThat(first.error()).isEqualTo(Errors.NONE);
        assertThat(first.baseOffset()).isZero();
        assertThat(second.baseOffset()).isEqualTo(2);
        assertThat(broker.fetch(id, 0, 0).values()).containsExactly("a", "b", "c");
    }

    @Test
    void shouldCompleteParkedFetchWhenRecordsCome() {
        // given
        PartitionId id = broker.deploy(PartitionConfig.DEFAULT);
        Replies.Fetched fetched = broker.fetch(id, 0, 1);
        Replies.await(fetched.parked);

        // when
        broker.append(id, RecordBatches.of("a"), 1);

        // then
        assertThat(fetched.values()).containsExactly("a");
    }

    @Test
    void shouldNameUnknownTopicsAndPartitions() {
        // given
        PartitionId id = broker.deploy(PartitionConfig.DEFAULT);

        // when, then
        assertThat(broker.append(new PartitionId(Uuid.randomUuid(), 0), RecordBatches.of("a"), 1)
                        .error())
                .isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        assertThat(broker.append(new PartitionId(id.topicId(), 7), RecordBatches.of("a"), 1)
                        .error())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }
}
