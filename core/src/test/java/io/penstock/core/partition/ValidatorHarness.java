package io.penstock.core.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.BatchVerdict.Refused;
import io.penstock.core.partition.BatchVerdict.Valid;
import java.nio.ByteBuffer;

/** Asks a validator as a client's append would. */
abstract class ValidatorHarness {
    final BatchValidator validator = new BatchValidator();

    BatchVerdict judge(ByteBuffer batch, PartitionConfig config) {
        return validator.validate(batch, Origin.CLIENT, config, BatchBytes.NOW_MS, BatchValidator.UNLIMITED_WORK);
    }

    Refused refusal(ByteBuffer batch, PartitionConfig config) {
        BatchVerdict verdict = judge(batch, config);
        assertThat(verdict).isInstanceOf(Refused.class);
        return (Refused) verdict;
    }

    Valid valid(ByteBuffer batch, PartitionConfig config) {
        BatchVerdict verdict = judge(batch, config);
        assertThat(verdict).isInstanceOf(Valid.class);
        return (Valid) verdict;
    }
}
