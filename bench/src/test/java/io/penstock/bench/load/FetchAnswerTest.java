package io.penstock.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FetchAnswerTest {
    @ParameterizedTest
    @CsvSource({"1, 0", "1, 10", "1, 100000", "127, 100", "249, 100"})
    void shouldKnowTheSizeOfTheRecords(int nameLength, int valueBytes) {
        MemoryRecords records = Answers.records(valueBytes);

        int bytes = FetchAnswer.recordsBytes(Answers.fetched("t".repeat(nameLength), Errors.NONE, records));

        assertThat(bytes).isEqualTo(records.sizeInBytes());
    }

    @Test
    void shouldNeedTheHeadOnly() {
        MemoryRecords records = Answers.records(100_000);
        ByteBuffer head = Answers.fetched("t".repeat(200), Errors.NONE, records).limit(320);

        assertThat(FetchAnswer.recordsBytes(head)).isEqualTo(records.sizeInBytes());
    }

    @Test
    void shouldFindNothingInAnAnswerWithoutTopics() {
        assertThat(FetchAnswer.recordsBytes(Answers.fetched(new FetchResponseData())))
                .isZero();
    }

    @Test
    void shouldTellThatAPartitionWasRefused() {
        ByteBuffer answer = Answers.fetched("t", Errors.OFFSET_OUT_OF_RANGE, MemoryRecords.EMPTY);

        assertThatThrownBy(() -> FetchAnswer.recordsBytes(answer)).hasMessageContaining("OFFSET_OUT_OF_RANGE");
    }

    @Test
    void shouldTellThatAllWasRefused() {
        ByteBuffer answer =
                Answers.fetched(new FetchResponseData().setErrorCode(Errors.FETCH_SESSION_ID_NOT_FOUND.code()));

        assertThatThrownBy(() -> FetchAnswer.recordsBytes(answer)).hasMessageContaining("FETCH_SESSION_ID_NOT_FOUND");
    }
}
