package io.penstock.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.storage.fixture.Damage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private CheckpointFile file;

    @BeforeEach
    void name() {
        file = new CheckpointFile(directory.resolve("checkpoint"));
    }

    @Test
    void shouldBeNullWhenAbsent() throws Exception {
        assertThat(file.read()).isNull();
        file.delete();
    }

    @Test
    void shouldReplaceItsPayload() throws Exception {
        // when
        file.write(new byte[] {1, 2, 3});
        file.write(new byte[] {4});

        // then
        assertThat(file.read()).containsExactly(4);
        file.write(new byte[0]);
        assertThat(file.read()).isEmpty();
        assertThat(directory).isDirectoryContaining(path -> path.endsWith("checkpoint"));
        file.delete();
        assertThat(file.read()).isNull();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldKeepTheOldPayloadWhenAWriteWasCutShort() throws Exception {
        // given: what a crash before the rename leaves
        file.write(new byte[] {1, 2, 3});
        Files.write(directory.resolve("checkpoint.tmp"), new byte[] {9, 9});

        // when, then
        assertThat(file.read()).containsExactly(1, 2, 3);
        file.write(new byte[] {4});
        assertThat(file.read()).containsExactly(4);
        assertThat(directory.resolve("checkpoint.tmp")).doesNotExist();
    }

    @Test
    void shouldKeepTheOldPayloadWhenAWriteFails() throws Exception {
        // given
        file.write(new byte[] {1, 2, 3});
        Files.createDirectory(directory.resolve("checkpoint.tmp"));

        // when, then
        assertThatThrownBy(() -> file.write(new byte[] {4})).isInstanceOf(IOException.class);
        assertThat(file.read()).containsExactly(1, 2, 3);
    }

    @Test
    void shouldNoticeDamageAnywhereInTheFile() throws Exception {
        // given
        file.write(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
        byte[] intact = Files.readAllBytes(file.path());

        // when, then
        Damage.Check mustRefuse = (damaged, what) -> {
            Files.write(file.path(), damaged);
            assertThatThrownBy(file::read)
                    .as(what)
                    .isInstanceOf(CorruptFileException.class)
                    .hasMessageContaining(file.path().toString());
        };
        Damage.flipEveryBit(intact, mustRefuse);
        Damage.cutEverywhere(intact, mustRefuse);
    }

    @Test
    void shouldRefuseAHugeFileWithoutReadingIt() throws Exception {
        // given: sparse
        try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.allocate(1), 1L << 33);
        }

        // when
        long allocated = Damage.allocatedBytes(file::read);

        // then
        assertThatThrownBy(file::read).isInstanceOf(CorruptFileException.class);
        assertThat(allocated).isLessThan(1 << 20);
    }

    @Test
    void shouldSayThatANewerBuildWroteIt() throws Exception {
        // given
        byte[] sealed = new SealedWriter(SealedWriter.magic("PNCP"), 2, 1)
                .putBytes(new byte[1])
                .toBytes();
        Files.write(file.path(), sealed);

        // when, then
        assertThatThrownBy(file::read).isInstanceOf(FutureVersionException.class);
    }
}
