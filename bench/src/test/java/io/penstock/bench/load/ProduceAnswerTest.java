package io.penstock.bench.load;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProduceAnswerTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 126, 127, 249})
    void shouldFindThatThereIsNoErrorHoweverLongTheName(int nameLength) {
        ByteBuffer answer = Answers.produced("t".repeat(nameLength), Errors.NONE);

        assertThatCode(() -> ProduceAnswer.requireNoError(answer)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 126, 127, 249})
    void shouldTellARefusal(int nameLength) {
        ByteBuffer answer = Answers.produced("t".repeat(nameLength), Errors.MESSAGE_TOO_LARGE);

        assertThatThrownBy(() -> ProduceAnswer.requireNoError(answer)).hasMessageContaining("MESSAGE_TOO_LARGE");
    }
}
