package io.penstock.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.storage.fixture.Damage;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Claims about every decoder of sealed bytes. Stateless. */
public final class DamagedSeals {
    /** Reads sealed bytes. */
    public interface Decoder {
        Object decode(byte[] sealed) throws IOException;
    }

    private DamagedSeals() {}

    /** Damage is always noticed, and costs no more memory than the bytes themselves do, also where the checksum was made to fit. */
    public static void assertNoticed(byte[] intact, Decoder decoder) throws Exception {
        Damage.Check mustRefuse = (damaged, what) ->
                assertThatThrownBy(() -> decoder.decode(damaged)).as(what).isInstanceOf(CorruptFileException.class);
        Damage.flipEveryBit(intact, mustRefuse);
        Damage.cutEverywhere(intact, mustRefuse);

        Damage.Check mustStaySmall = (damaged, what) -> {
            byte[] resealed = reseal(damaged);
            long allocated = Damage.allocatedBytes(() -> decodeOrRefuse(decoder, resealed, what));
            assertThat(allocated).as(what).isLessThan(1 << 20);
        };
        Damage.flipEveryBit(intact, mustStaySmall);
        Damage.cutEverywhere(intact, mustStaySmall);
        Damage.lieEverywhere(intact, mustStaySmall);
    }

    private static Object decodeOrRefuse(Decoder decoder, byte[] resealed, String what) {
        try {
            return decoder.decode(resealed);
        } catch (CorruptFileException | FutureVersionException refused) {
            return refused;
        } catch (IOException | RuntimeException e) {
            throw new AssertionError("not a refusal, with " + what, e);
        }
    }

    /** The same bytes with length and checksum made to fit. */
    public static byte[] reseal(byte[] damaged) {
        if (damaged.length >= SealedWriter.HEADER_BYTES) {
            ByteBuffer header = ByteBuffer.wrap(damaged);
            header.putInt(6, damaged.length - SealedWriter.HEADER_BYTES);
            header.putInt(SealedWriter.CRC_POSITION, SealedWriter.checksum(damaged));
        }
        return damaged;
    }
}
