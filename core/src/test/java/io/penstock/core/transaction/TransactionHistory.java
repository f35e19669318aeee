package io.penstock.core.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What has happened to simulated transactions, and what must never happen. Each transaction of each producer has a tag of its own. */
final class TransactionHistory {
    private final Map<String, TransactionState> newest = new HashMap<>();
    private final Map<String, Set<Long>> formerIds = new HashMap<>();
    private final Map<Integer, Boolean> outcomes = new HashMap<>();
    private final Map<Integer, Boolean> ends = new HashMap<>();
    private final Set<Integer> written = new HashSet<>();
    private int nextTag;
    int endCount;

    int newTag() {
        return nextTag++;
    }

    /** A record got into the coordinator's log: epochs only grow, and a producer id that was given up never returns. */
    void onRecord(TransactionRecord record) {
        String id = record.transactionalId();
        TransactionState now = record.state();
        TransactionState before = now == null ? newest.remove(id) : newest.put(id, now);
        if (now == null || before == null) {
            return;
        }
        if (before.producerId() == now.producerId()) {
            assertThat(now.producerEpoch())
                    .as("epoch of %s after %s", record, before)
                    .isGreaterThanOrEqualTo(before.producerEpoch());
        } else {
            assertThat(formerIds.computeIfAbsent(id, key -> new HashSet<>()).add(before.producerId()))
                    .as("%s was given up once before %s", before, record)
                    .isTrue();
            assertThat(formerIds.get(id)).doesNotContain(now.producerId());
        }
    }

    /** A partition has taken a batch. */
    void onBatch(int tag) {
        written.add(tag);
    }

    /** A marker has ended a batch: all batches of a transaction end alike, and as the producer was told. */
    void onOutcome(int tag, boolean commit) {
        Boolean before = outcomes.put(tag, commit);
        assertThat(before == null || before == commit)
                .as("transaction %d ends twice alike", tag)
                .isTrue();
        check(tag);
    }

    /** A producer was told that its transaction has ended so. */
    void onEnd(int tag, boolean commit) {
        ends.put(tag, commit);
        endCount++;
        check(tag);
    }

    private void check(int tag) {
        Boolean told = ends.get(tag);
        Boolean marked = outcomes.get(tag);
        assertThat(told == null || marked == null || told.equals(marked))
                .as("transaction %d, told %s, marked %s", tag, told, marked)
                .isTrue();
    }

    /** Nothing is left open. */
    void checkSettled() {
        for (int tag : written) {
            assertThat(outcomes).as("outcome of %d", tag).containsKey(tag);
        }
    }
}
