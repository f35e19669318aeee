package io.penstock.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.bench.fixture.ScriptedServer;
import java.io.EOFException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WireConnectionIT {
    private static final ByteBuffer FRAME =
            ByteBuffer.allocate(8).putInt(4).putInt(42).flip();

    @Test
    void shouldKeepTheHeadOfAnAnswerAndSkipTheRest() throws Exception {
        // given
        try (ScriptedServer server = ScriptedServer.start((frame, answers) -> {
                    byte[] answer = new byte[200_000 + frame];
                    answer[0] = (byte) frame;
                    answers.writeInt(answer.length);
                    answers.write(answer);
                    return true;
                });
                WireConnection connection = new WireConnection(server.address())) {
            for (int i = 0; i < 3; i++) {
                ByteBuffer head = ByteBuffer.allocate(10);

                // when
                connection.send(FRAME);
                int bytes = connection.receive(head);

                // then
                assertThat(bytes).isEqualTo(200_000 + i);
                assertThat(head.remaining()).isZero();
                assertThat(head.get(0)).isEqualTo((byte) i);
            }
        }
    }

    @Test
    void shouldTakeAnAnswerThatComesByteByByte() throws Exception {
        try (ScriptedServer server = ScriptedServer.start((frame, answers) -> {
                    for (byte one : new byte[] {0, 0, 0, 3, 7, 8, 9}) {
                        answers.write(one);
                        answers.flush();
                    }
                    return true;
                });
                WireConnection connection = new WireConnection(server.address())) {
            ByteBuffer head = ByteBuffer.allocate(10);
            connection.send(FRAME);

            assertThat(connection.receive(head)).isEqualTo(3);
            assertThat(head.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {7, 8, 9}));
        }
    }

    @Test
    void shouldLeaveAFrameReadyToBeSentAgain() throws Exception {
        try (ScriptedServer server = ScriptedServer.stalling(-1, 0);
                WireConnection connection = new WireConnection(server.address())) {
            connection.send(FRAME);

            assertThat(FRAME.remaining()).isEqualTo(8);
        }
    }

    @Test
    void shouldTellThatTheBrokerIsGone() throws Exception {
        try (ScriptedServer server = ScriptedServer.closingAfter(0);
                WireConnection connection = new WireConnection(server.address())) {
            connection.send(FRAME);

            assertThatThrownBy(() -> connection.receive(ByteBuffer.allocate(10)))
                    .isInstanceOf(EOFException.class);
        }
    }
}
