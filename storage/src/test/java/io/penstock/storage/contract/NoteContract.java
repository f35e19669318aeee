package io.penstock.storage.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.PartitionLog;
import io.penstock.storage.fixture.RecordBatches;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an owner keeps beside the records. */
interface NoteContract extends LogContract {

    @Test
    default void shouldHaveNoNoteBeforeOneIsKept() {
        harness().append(RecordBatches.of("a"));

        assertThat(note()).isNull();
    }

    @Test
    default void shouldKeepTheLastNoteThroughReopening() {
        // given
        harness().append(RecordBatches.of("a"));
        keep("first");
        keep("second, and longer");

        // when
        harness().reopen();

        // then
        assertThat(note()).isEqualTo("second, and longer");
        assertThat(harness().values()).containsExactly("a");
    }

    @Test
    default void shouldKeepTheNoteWhenTheRecordsGo() {
        // given
        harness().open(LogHarness.segmentsOf(200));
        harness().appendSingles(10);
        keep("still here");

        // when
        harness().await(harness().log().advanceStartTo(10));
        harness().await(harness().log().truncateFullyAndStartAt(20));
        PartitionLog reopened = harness().reopen();

        // then
        assertThat(reopened.startOffset()).isEqualTo(20);
        assertThat(note()).isEqualTo("still here");
    }

    @Test
    default void shouldForgetTheNoteWithTheLog() {
        // given
        harness().append(RecordBatches.of("a"));
        keep("gone");

        // when
        harness().delete();

        // then
        assertThat(note()).isNull();
    }

    private void keep(String text) {
        harness().await(harness().log().keepNote(text.getBytes(UTF_8)));
    }

    private @Nullable String note() {
        byte[] note = harness().await(harness().log().note());
        return note == null ? null : new String(note, UTF_8);
    }
}
