package io.penstock.storage.compact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NewestOffsetsTest {

    @Test
    void shouldAnswerAsAMapDoes() {
        // given
        long seed = Long.getLong("penstock.seed", 42);
        Random random = new Random(seed);
        NewestOffsets newest = new NewestOffsets(1 << 20, 0.9, 20_000, 0);
        Map<String, Long> model = new HashMap<>();

        // when
        for (long offset = 0; offset < 20_000; offset++) {
            String name = "key-" + random.nextInt(9_000);
            assertThat(newest.put(key(name), offset)).isTrue();
            model.put(name, offset);
        }

        // then
        for (int i = 0; i < 9_100; i++) {
            assertThat(newest.newestOf(key("key-" + i)))
                    .as("key %s, seed %s", i, seed)
                    .isEqualTo(model.getOrDefault("key-" + i, NewestOffsets.UNKNOWN));
        }
        assertThat(newest.keyCount()).isEqualTo(model.size());
    }

    @Test
    void shouldRefuseNewKeysWhenFullAndStillTakeKnownOnes() {
        // given
        NewestOffsets newest = new NewestOffsets(10 * NewestOffsets.SLOT_BYTES, 0.5, 1_000, 0);
        for (int i = 0; i < 5; i++) {
            assertThat(newest.put(key("k" + i), i)).isTrue();
        }

        // when
        boolean another = newest.put(key("k5"), 5);
        boolean known = newest.put(key("k0"), 6);

        // then
        assertThat(another).isFalse();
        assertThat(known).isTrue();
        assertThat(newest.newestOf(key("k0"))).isEqualTo(6);
        assertThat(newest.newestOf(key("k5"))).isEqualTo(NewestOffsets.UNKNOWN);
        assertThat(newest.utilizationPercent()).isEqualTo(100);
    }

    @Test
    void shouldFindAFreeSlotWhenEverySlotMayBeTaken() {
        // given
        NewestOffsets newest = new NewestOffsets(4 * NewestOffsets.SLOT_BYTES, 1.0, 1_000, 0);

        // when
        int taken = 0;
        while (newest.put(key("k" + taken), taken)) {
            taken++;
        }

        // then
        assertThat(taken).isEqualTo(3);
        assertThat(newest.newestOf(key("nobody"))).isEqualTo(NewestOffsets.UNKNOWN);
    }

    @Test
    void shouldNotTakeMoreMemoryThanTheRecordsCanNeed() {
        // given: a bound for millions of keys
        NewestOffsets newest = new NewestOffsets(1L << 40, 1.0, 3, 0);

        // when
        boolean all = newest.put(key("a"), 0) && newest.put(key("b"), 1) && newest.put(key("c"), 2);

        // then
        assertThat(all).isTrue();
        assertThat(newest.put(key("d"), 3)).as("room for a fourth").isFalse();
    }

    private static ByteBuffer key(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }
}
