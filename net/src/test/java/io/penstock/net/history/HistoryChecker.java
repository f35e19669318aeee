package io.penstock.net.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds a history of sends and polls against guarantees, as Jepsen's queue workload does. The polls must include a complete
 * read of every partition made after the last send.
 */
public final class HistoryChecker {
    private static final int MOST_EXAMPLES = 20;

    private final Set<Guarantee> guarantees;
    private final List<String> violations = new ArrayList<>();
    private int violationCount;

    public HistoryChecker(Set<Guarantee> guarantees) {
        this.guarantees = Set.copyOf(guarantees);
    }

    /** All violations, at most twenty spelled out; empty if the history keeps every guarantee. */
    public List<String> check(Collection<Sent> sends, List<Polled> polls) {
        Map<Value, Sent> sentByValue = new HashMap<>();
        sends.forEach(sent -> sentByValue.put(sent.value(), sent));
        Map<Integer, NavigableMap<Long, Value>> log = mergeReaders(polls);
        Map<Value, Long> firstOffset = checkEachRecord(log, sentByValue);
        if (guarantees.contains(Guarantee.NOTHING_ACKED_IS_LOST)) {
            sends.stream()
                    .filter(sent -> sent.outcome() == Sent.Outcome.ACKED)
                    .forEach(sent -> checkStillThere(sent, log));
        }
        if (guarantees.contains(Guarantee.ORDER_PER_PRODUCER)) {
            checkOrder(firstOffset);
        }
        if (violationCount > violations.size()) {
            violations.add("… and " + (violationCount - MOST_EXAMPLES) + " more");
        }
        return List.copyOf(violations);
    }

    private Map<Integer, NavigableMap<Long, Value>> mergeReaders(List<Polled> polls) {
        Map<Integer, NavigableMap<Long, Value>> log = new HashMap<>();
        Map<List<Integer>, Long> lastOffset = new HashMap<>();
        for (Polled polled : polls) {
            Value before = log.computeIfAbsent(polled.partition(), p -> new TreeMap<>())
                    .put(polled.offset(), polled.value());
            if (before != null && !before.equals(polled.value())) {
                violate(
                        Guarantee.ONE_VALUE_PER_OFFSET,
                        polled.partition(),
                        polled.offset(),
                        before + " then " + polled.value());
            }
            Long last = lastOffset.put(List.of(polled.reader(), polled.partition()), polled.offset());
            if (last != null && last >= polled.offset()) {
                violate(
                        Guarantee.ONE_VALUE_PER_OFFSET,
                        polled.partition(),
                        polled.offset(),
                        "read after offset " + last);
            }
        }
        return log;
    }

    private Map<Value, Long> checkEachRecord(
            Map<Integer, NavigableMap<Long, Value>> log, Map<Value, Sent> sentByValue) {
        Map<Value, Long> firstOffset = new HashMap<>();
        log.forEach((partition, records) -> records.forEach((offset, value) -> {
            @Nullable Sent sent = sentByValue.get(value);
            if (sent == null) {
                violate(Guarantee.NO_PHANTOMS, partition, offset, value + " was never sent");
            } else if (sent.outcome() == Sent.Outcome.REFUSED) {
                violate(Guarantee.NO_PHANTOMS, partition, offset, value + " had been refused");
            } else if (value.partition() != partition) {
                violate(Guarantee.NO_PHANTOMS, partition, offset, value + " was sent to another partition");
            }
            Long first = firstOffset.putIfAbsent(value, offset);
            if (first != null) {
                violate(Guarantee.NO_DUPLICATES, partition, offset, value + " was already at offset " + first);
            }
        }));
        return firstOffset;
    }

    private void checkStillThere(Sent sent, Map<Integer, NavigableMap<Long, Value>> log) {
        Map<Long, Value> records = log.getOrDefault(sent.partition(), new TreeMap<>());
        Value found = records.get(sent.offset());
        if (!sent.value().equals(found)) {
            violate(
                    Guarantee.NOTHING_ACKED_IS_LOST,
                    sent.partition(),
                    sent.offset(),
                    sent.value() + " was acknowledged here, found " + (found == null ? "nothing" : found));
        }
    }

    private void checkOrder(Map<Value, Long> firstOffset) {
        Map<List<Integer>, List<Value>> byProducer = new HashMap<>();
        firstOffset
                .keySet()
                .forEach(value -> byProducer
                        .computeIfAbsent(List.of(value.producer(), value.partition()), k -> new ArrayList<>())
                        .add(value));
        byProducer.values().forEach(values -> {
            values.sort(Comparator.comparingLong(Value::sequence));
            for (int i = 1; i < values.size(); i++) {
                long before = offsetOf(firstOffset, values.get(i - 1));
                long here = offsetOf(firstOffset, values.get(i));
                if (here <= before) {
                    violate(
                            Guarantee.ORDER_PER_PRODUCER,
                            values.get(i).partition(),
                            here,
                            values.get(i) + " is not after " + values.get(i - 1) + " at " + before);
                }
            }
        });
    }

    private static long offsetOf(Map<Value, Long> offsets, Value value) {
        Long offset = offsets.get(value);
        if (offset == null) {
            throw new IllegalStateException("no offset noted for " + value);
        }
        return offset;
    }

    private void violate(Guarantee guarantee, int partition, long offset, String what) {
        if (!guarantees.contains(guarantee)) {
            return;
        }
        violationCount++;
        if (violations.size() < MOST_EXAMPLES) {
            violations.add(guarantee + ": partition " + partition + " offset " + offset + ": " + what);
        }
    }
}
