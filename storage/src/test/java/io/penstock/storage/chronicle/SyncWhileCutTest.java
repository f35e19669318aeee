package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sync that was asked for before a cut says nothing of what was appended after it. */
class SyncWhileCutTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void shouldNotCallSyncedWhatTookThePlaceOfCutRecords(int cutOffset) {
        try (OpenLog open = new OpenLog(directory, OpenLog.segmentsOf(1 << 20))) {
            // given a sync that takes long
            open.appendUpTo(10);
            open.threads.runAll();
            open.threads.slowDown(true);
            CompletionStage<Long> synced = open.log.sync();
            open.threads.slowDown(false);

            // when
            open.threads.await(cutOffset == 0 ? open.log.truncateFullyAndStartAt(0) : open.log.truncateTo(cutOffset));
            open.appendUpTo(20);
            open.threads.endSlowTasks();
            open.threads.await(synced);

            // then
            assertThat(open.log.syncedOffset()).isEqualTo(cutOffset);
            assertThat(open.threads.await(open.log.sync())).isEqualTo(20);
        }
    }

    @Test
    void shouldCallSyncedWhatWasAppendedBeforeTheSync() {
        try (OpenLog open = new OpenLog(directory, OpenLog.segmentsOf(1 << 20))) {
            // given
            open.appendUpTo(10);

            // when
            CompletionStage<Long> synced = open.log.sync();
            open.appendUpTo(20);

            // then
            assertThat(open.threads.await(synced)).isEqualTo(10);
        }
    }
}
