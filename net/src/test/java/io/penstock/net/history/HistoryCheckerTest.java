package io.penstock.net.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.history.Sent.Outcome;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryCheckerTest {
    private static final Value A = new Value(1, 0, 0);
    private static final Value B = new Value(1, 0, 1);

    private final List<Sent> bothAcked = List.of(acked(A, 0), acked(B, 1));

    @Test
    void shouldAcceptWhatWasAckedAndReadInOrder() {
        assertThat(check(bothAcked, List.of(polled(0, A), polled(1, B)))).isEmpty();
    }

    @Test
    void shouldAcceptAnUnknownSendThatIsThereOrNot() {
        List<Sent> sends = List.of(acked(A, 0), new Sent(1, 0, 1, Outcome.UNKNOWN, -1));
        assertThat(check(sends, List.of(polled(0, A)))).isEmpty();
        assertThat(check(sends, List.of(polled(0, A), polled(1, B)))).isEmpty();
    }

    @Test
    void shouldFindALostAck() {
        assertThat(check(bothAcked, List.of(polled(0, A))))
                .singleElement()
                .asString()
                .contains("NOTHING_ACKED_IS_LOST");
    }

    @Test
    void shouldFindAnAckedRecordAtAnotherOffset() {
        assertThat(check(bothAcked, List.of(polled(0, A), polled(2, B))))
                .singleElement()
                .asString()
                .contains("found nothing");
    }

    @Test
    void shouldFindAPhantom() {
        Value never = new Value(9, 0, 0);
        assertThat(check(bothAcked, List.of(polled(0, A), polled(1, B), polled(2, never))))
                .singleElement()
                .asString()
                .contains("never sent");
    }

    @Test
    void shouldFindARefusedRecord() {
        List<Sent> sends = List.of(acked(A, 0), new Sent(1, 0, 1, Outcome.REFUSED, -1));
        assertThat(check(sends, List.of(polled(0, A), polled(1, B))))
                .singleElement()
                .asString()
                .contains("refused");
    }

    @Test
    void shouldFindADuplicate() {
        assertThat(check(bothAcked, List.of(polled(0, A), polled(1, B), polled(2, A))))
                .singleElement()
                .asString()
                .contains("NO_DUPLICATES");
    }

    @Test
    void shouldFindReordering() {
        List<Sent> sends = List.of(acked(A, 1), acked(B, 0));
        assertThat(check(sends, List.of(polled(0, B), polled(1, A))))
                .singleElement()
                .asString()
                .contains("ORDER");
    }

    @Test
    void shouldFindTwoReadersThatDisagree() {
        List<Polled> polls = List.of(polled(0, A), polled(1, B), new Polled(2, 0, 1, A));
        assertThat(check(bothAcked, polls)).anyMatch(v -> v.contains("ONE_VALUE_PER_OFFSET"));
    }

    @Test
    void shouldReadBackWhatItWrote() {
        assertThat(Value.decode(B.encode() + " xxxxx")).isEqualTo(B);
    }

    private static List<String> check(List<Sent> sends, List<Polled> polls) {
        return new HistoryChecker(EnumSet.allOf(Guarantee.class)).check(sends, polls);
    }

    private static Sent acked(Value value, long offset) {
        return new Sent(value.producer(), value.partition(), value.sequence(), Outcome.ACKED, offset);
    }

    private static Polled polled(long offset, Value value) {
        return new Polled(1, value.partition(), offset, value);
    }
}
