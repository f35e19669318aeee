package io.penstock.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SealedBytesTest {
    private static final int MAGIC = SealedWriter.magic("TEST");

    @Test
    void shouldReadWhatWasWritten() throws Exception {
        // given
        byte[] sealed = new SealedWriter(MAGIC, 3, 2 + 4 + 8 + 3 + 16)
                .putShort(-5)
                .putInt(6)
                .putLong(Long.MIN_VALUE)
                .putBytes(new byte[] {1, 2, 3})
                .putLongs(new long[] {7, 8, 9}, 2)
                .toBytes();

        // when
        SealedReader in = SealedReader.open(sealed, MAGIC, 3, "test");

        // then
        assertThat(in.version()).isEqualTo(3);
        assertThat(in.readShort()).isEqualTo((short) -5);
        assertThat(in.readInt()).isEqualTo(6);
        assertThat(in.readLong()).isEqualTo(Long.MIN_VALUE);
        assertThat(in.readBytes(3)).containsExactly(1, 2, 3);
        assertThat(in.readLongs(2)).containsExactly(7, 8);
        in.expectEnd();
    }

    @Test
    void shouldSayWhatIsWrong() {
        // given
        byte[] sealed = new SealedWriter(MAGIC, 1, 4).putInt(1).toBytes();

        // when, then
        assertThatThrownBy(() -> SealedReader.open(sealed, SealedWriter.magic("ELSE"), 1, "/data/file"))
                .isInstanceOf(CorruptFileException.class)
                .hasMessage("/data/file: expected magic 0x454c5345, found 0x54455354");
        assertThatThrownBy(() -> SealedReader.open(new byte[3], MAGIC, 1, "/data/file"))
                .isInstanceOf(CorruptFileException.class)
                .hasMessage("/data/file: expected a header of 14 bytes, found 3 bytes");
    }

    @Test
    void shouldSayThatAVersionIsFromTheFuture() {
        // given
        byte[] sealed = new SealedWriter(MAGIC, 9, 0).toBytes();

        // when, then
        assertThatThrownBy(() -> SealedReader.open(sealed, MAGIC, 2, "/data/file"))
                .isInstanceOf(FutureVersionException.class)
                .hasMessageContaining("/data/file has format version 9, but this build reads versions up to 2");
    }

    @Test
    void shouldRefuseCountsThatCannotFit() throws Exception {
        for (int count : new int[] {-1, 3, Integer.MAX_VALUE}) {
            // given
            byte[] sealed = new SealedWriter(MAGIC, 1, 4 + 16)
                    .putInt(count)
                    .putLong(0)
                    .putLong(0)
                    .toBytes();
            SealedReader in = SealedReader.open(sealed, MAGIC, 1, "test");

            // when, then
            assertThatThrownBy(() -> in.readCount(8)).isInstanceOf(CorruptFileException.class);
        }
    }

    @Test
    void shouldRefuseToSealLessThanWasAnnounced() {
        assertThatThrownBy(() -> new SealedWriter(MAGIC, 1, 8).putInt(1).toBytes())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldNoticeDamageAnywhere() throws Exception {
        // given
        byte[] sealed = new SealedWriter(MAGIC, 1, 4 + 24)
                .putInt(3)
                .putLongs(new long[] {1, 2, 3}, 3)
                .toBytes();

        // when, then
        DamagedSeals.assertNoticed(sealed, bytes -> {
            SealedReader in = SealedReader.open(bytes, MAGIC, 1, "test");
            long[] values = in.readLongs(in.readCount(8));
            in.expectEnd();
            return values;
        });
    }
}
