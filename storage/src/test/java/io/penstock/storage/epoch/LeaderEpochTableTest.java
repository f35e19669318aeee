package io.penstock.storage.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.storage.epoch.LeaderEpochs.EpochEnd;
import io.penstock.storage.file.DamagedSeals;
import org.junit.jupiter.api.Test;

class LeaderEpochTableTest {
    private final LeaderEpochTable table = new LeaderEpochTable();

    @Test
    void shouldKnowNothingAtFirst() {
        assertThat(table.latestEpoch()).isEqualTo(-1);
        assertThat(table.epochAt(0)).isEqualTo(-1);
        assertThat(table.endOffsetFor(0, 10)).isEqualTo(EpochEnd.UNDEFINED);
        assertThat(table.endOffsetFor(-1, 10)).isEqualTo(EpochEnd.UNDEFINED);
    }

    @Test
    void shouldTellTheEpochOfEveryOffset() {
        // given
        assign(2, 5, 4, 9);

        // when, then
        assertThat(table.epochAt(4)).isEqualTo(-1);
        assertThat(table.epochAt(5)).isEqualTo(2);
        assertThat(table.epochAt(8)).isEqualTo(2);
        assertThat(table.epochAt(9)).isEqualTo(4);
        assertThat(table.epochAt(1000)).isEqualTo(4);
    }

    @Test
    void shouldAnswerTheLatestEpochWithTheLogEnd() {
        assign(2, 5, 4, 9);
        assertThat(table.endOffsetFor(4, 20)).isEqualTo(new EpochEnd(4, 20));
    }

    @Test
    void shouldAnswerAnEarlierEpochWithTheStartOfTheNext() {
        assign(2, 5, 4, 9, 7, 15);
        assertThat(table.endOffsetFor(2, 20)).isEqualTo(new EpochEnd(2, 9));
        assertThat(table.endOffsetFor(4, 20)).isEqualTo(new EpochEnd(4, 15));
    }

    @Test
    void shouldAnswerAMissingEpochWithTheOneBelow() {
        assign(2, 5, 4, 9, 7, 15);
        assertThat(table.endOffsetFor(3, 20)).isEqualTo(new EpochEnd(2, 9));
        assertThat(table.endOffsetFor(6, 20)).isEqualTo(new EpochEnd(4, 15));
    }

    @Test
    void shouldAnswerAnEpochBelowTheLogWithTheStartOfTheFirst() {
        assign(2, 5, 4, 9);
        assertThat(table.endOffsetFor(0, 20)).isEqualTo(new EpochEnd(0, 5));
        assertThat(table.endOffsetFor(1, 20)).isEqualTo(new EpochEnd(1, 5));
    }

    @Test
    void shouldNotKnowAnEpochAboveTheLatest() {
        assign(2, 5);
        assertThat(table.endOffsetFor(3, 20)).isEqualTo(EpochEnd.UNDEFINED);
    }

    @Test
    void shouldIgnoreTheLatestEpochAgain() {
        // given
        assign(2, 5);

        // when
        boolean changed = table.assign(2, 8);

        // then
        assertThat(changed).isFalse();
        assertThat(table.epochAt(5)).isEqualTo(2);
    }

    @Test
    void shouldDropEntriesThatContradictANewOne() {
        // given
        assign(2, 5, 4, 9, 7, 15);

        // when: epoch 5 starts in the middle of what was epoch 4
        boolean changed = table.assign(5, 9);

        // then
        assertThat(changed).isTrue();
        assertThat(table).hasToString("LeaderEpochTable{2@5, 5@9}");
    }

    @Test
    void shouldReplaceAnEpochThatWroteNothing() {
        // given
        assign(2, 5, 4, 9);

        // when
        table.assign(5, 9);

        // then
        assertThat(table).hasToString("LeaderEpochTable{2@5, 5@9}");
    }

    @Test
    void shouldForgetEpochsThatStartAtOrAboveATruncation() {
        // given
        assign(2, 5, 4, 9, 7, 15);

        // when, then
        assertThat(table.truncateFromEnd(16)).isFalse();
        assertThat(table.truncateFromEnd(15)).isTrue();
        assertThat(table).hasToString("LeaderEpochTable{2@5, 4@9}");
        assertThat(table.truncateFromEnd(10)).isFalse();
        assertThat(table.truncateFromEnd(0)).isTrue();
        assertThat(table.latestEpoch()).isEqualTo(-1);
    }

    @Test
    void shouldMoveTheEpochThatHoldsTheNewStart() {
        // given
        assign(2, 5, 4, 9, 7, 15);

        // when, then
        assertThat(table.truncateFromStart(5)).isFalse();
        assertThat(table.truncateFromStart(3)).isFalse();
        assertThat(table.truncateFromStart(10)).isTrue();
        assertThat(table).hasToString("LeaderEpochTable{4@10, 7@15}");
        assertThat(table.truncateFromStart(100)).isTrue();
        assertThat(table).hasToString("LeaderEpochTable{7@100}");
    }

    @Test
    void shouldRefuseNegativeNumbers() {
        assertThatThrownBy(() -> table.assign(-1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> table.assign(0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldComeBackFromItsBytes() throws Exception {
        // given
        for (int epoch = 0; epoch < 100; epoch++) {
            table.assign(epoch * 3, epoch * 7L);
        }

        // when, then
        assertThat(LeaderEpochTable.fromBytes(table.toBytes())).hasToString(table.toString());
        assertThat(LeaderEpochTable.fromBytes(new LeaderEpochTable().toBytes())).hasToString("LeaderEpochTable{}");
    }

    @Test
    void shouldNoticeDamageAnywhere() throws Exception {
        // given
        assign(2, 5, 4, 9, 7, 15);

        // when, then
        DamagedSeals.assertNoticed(table.toBytes(), LeaderEpochTable::fromBytes);
    }

    private void assign(long... epochsAndOffsets) {
        for (int i = 0; i < epochsAndOffsets.length; i += 2) {
            table.assign((int) epochsAndOffsets[i], epochsAndOffsets[i + 1]);
        }
    }
}
