package io.penstock.core.collection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistentMapTest {

    /** A key whose hash has few different values, so that collisions and deep paths are common. */
    private record Key(int number, int hashes) {
        @Override
        public int hashCode() {
            return (number % hashes) * 0x40000001;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 40, 100_000})
    void shouldHoldWhatAHashMapHoldsAndLeaveOlderMapsAlone(int hashes) {
        // given
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<Key, Integer> expected = new HashMap<>();
        PersistentMap<Key, Integer> map = PersistentMap.empty();

        for (int step = 0; step < 3000; step++) {
            // when
            Map<Key, Integer> expectedBefore = step % 100 == 0 ? new HashMap<>(expected) : Map.of();
            PersistentMap<Key, Integer> before = map;
            Key key = new Key(random.nextInt(200), hashes);
            if (random.nextInt(3) == 0) {
                expected.remove(key);
                map = map.minus(key);
            } else {
                expected.put(key, step);
                map = map.plus(key, step);
            }

            // then
            assertThat(map.size()).as("seed %s step %s", seed, step).isEqualTo(expected.size());
            assertThat(map.get(key)).isEqualTo(expected.get(key));
            if (step % 100 == 0) {
                assertThat(toHashMap(map)).as("seed %s step %s", seed, step).isEqualTo(expected);
                assertThat(toHashMap(before)).as("seed %s step %s", seed, step).isEqualTo(expectedBefore);
                assertThat(map.values()).containsExactlyInAnyOrderElementsOf(expected.values());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 40, 100_000})
    void shouldTellExactlyWhatDiffers(int hashes) {
        // given
        long seed = System.nanoTime();
        Random random = new Random(seed);
        PersistentMap<Key, Integer> before = PersistentMap.empty();
        for (int i = 0; i < 150; i++) {
            before = before.plus(new Key(random.nextInt(200), hashes), 1000 + i);
        }
        PersistentMap<Key, Integer> after = before;
        for (int i = 0; i < 60; i++) {
            Key key = new Key(random.nextInt(200), hashes);
            after = random.nextBoolean() ? after.minus(key) : after.plus(key, 2000 + i);
        }

        // when
        List<String> told = new ArrayList<>();
        PersistentMap.differences(before, after, (old, young) -> told.add(old + ">" + young));

        // then
        Map<Key, Integer> old = toHashMap(before);
        Map<Key, Integer> young = toHashMap(after);
        List<String> expected = new ArrayList<>();
        for (int number = 0; number < 200; number++) {
            @Nullable Integer was = old.get(new Key(number, hashes));
            @Nullable Integer is = young.get(new Key(number, hashes));
            if (!Objects.equals(was, is)) {
                expected.add(was + ">" + is);
            }
        }
        assertThat(told).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static <K, V> Map<K, V> toHashMap(PersistentMap<K, V> map) {
        Map<K, V> copy = new HashMap<>();
        map.forEach(copy::put);
        return copy;
    }
}
