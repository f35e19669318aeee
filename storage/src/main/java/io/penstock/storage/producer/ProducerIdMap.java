package io.penstock.storage.producer;

import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Producer entries by producer id, in one open-addressed array: 4 to 8 bytes a producer beside its entry. Entries leave only in bulk.
 * Owned by {@link ProducerStateTable}.
 */
final class ProducerIdMap {
    private static final int MIN_SLOTS = 8;

    private @Nullable ProducerEntry[] slots = new @Nullable ProducerEntry[MIN_SLOTS];
    private int size;

    int size() {
        return size;
    }

    @Nullable
    ProducerEntry get(long producerId) {
        return slots[slotOf(producerId)];
    }

    /** Adds an entry whose id is not there yet. */
    void add(ProducerEntry entry) {
        if ((size + 1) * 2 > slots.length) {
            rebuild(slots.length * 2, kept -> true);
        }
        slots[slotOf(entry.producerId)] = entry;
        size++;
    }

    void forEach(Consumer<ProducerEntry> action) {
        for (ProducerEntry entry : slots) {
            if (entry != null) {
                action.accept(entry);
            }
        }
    }

    /** Removes what does not pass; {@code keep} is asked once for each entry. Returns how many went. */
    int retainIf(Predicate<ProducerEntry> keep) {
        int before = size;
        rebuild(slots.length, keep);
        while (slots.length > MIN_SLOTS && size * 8 < slots.length) {
            rebuild(slots.length / 2, kept -> true);
        }
        return before - size;
    }

    private void rebuild(int slotCount, Predicate<ProducerEntry> keep) {
        @Nullable ProducerEntry[] old = slots;
        slots = new @Nullable ProducerEntry[slotCount];
        size = 0;
        for (ProducerEntry entry : old) {
            if (entry != null && keep.test(entry)) {
                slots[slotOf(entry.producerId)] = entry;
                size++;
            }
        }
    }

    /** Where the entry is, or the free slot where it would go: at most half of the slots are taken, so there is one. */
    private int slotOf(long producerId) {
        int mask = slots.length - 1;
        int slot = mix(producerId) & mask;
        for (ProducerEntry found = slots[slot]; found != null && found.producerId != producerId; found = slots[slot]) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** Ids come in blocks of consecutive numbers: spread them by the golden ratio. */
    private static int mix(long producerId) {
        long spread = producerId * 0x9E3779B97F4A7C15L;
        return (int) (spread >>> Integer.SIZE);
    }
}
