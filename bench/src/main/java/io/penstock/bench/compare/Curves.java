package io.penstock.bench.compare;

import java.util.List;
import java.util.stream.Stream;

/** Loads that differ in one thing only, to be seen as curves. Stateless. */
final class Curves {
    /** The largest makes a batch that Kafka takes by default, which is up to 1,048,588 bytes. */
    private static final List<Integer> VALUE_BYTES = List.of(10, 100, 1_000, 10_000, 100_000, 1_000_000);

    private static final List<Integer> CONNECTIONS = List.of(1, 4, 16, 64, 256, 1_000);

    private Curves() {}

    /** Those that write most come last: what the disk still has to do for them would disturb whatever follows. */
    static List<Figure> all() {
        return Stream.concat(
                        CONNECTIONS.stream().map(Figure::ofConnections),
                        VALUE_BYTES.stream().map(Figure::ofSize))
                .toList();
    }
}
