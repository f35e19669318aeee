package io.penstock.storage.chronicle;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finished segments that were read lately, of all logs of a store: at most {@link #MAX_OPEN}, so that neither mappings nor indexes
 * pile up. Safe from any thread: a lock around the map, held only for look-ups; called on disk threads and, to forget, on owners.
 */
final class ReaderCache {
    /** A mapping and up to 400 KB of index each; a process may have 65,530 mappings by default. */
    static final int MAX_OPEN = 128;

    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<Path, SegmentReader> readers = new LinkedHashMap<>(16, 0.75f, true);

    /** A reader whose mapping the caller must release. Blocks. */
    SegmentReader acquire(LogFiles files, SegmentFacts facts, Executor unmapper) throws IOException {
        Path key = files.segment(facts.number());
        SegmentReader known = find(key, facts);
        if (known != null) {
            return known;
        }
        SegmentReader opened = SegmentReader.open(files, facts, unmapper);
        opened.mapping().retain();
        List<SegmentReader> dropped = put(key, opened);
        dropped.forEach(reader -> reader.mapping().release());
        return opened;
    }

    private @Nullable SegmentReader find(Path key, SegmentFacts facts) {
        lock.lock();
        try {
            SegmentReader known = readers.get(key);
            // A cut segment has another end than when it was put here.
            boolean usable = known != null
                    && known.index().lastOffset() == facts.endOffset() - 1
                    && known.mapping().tryRetain();
            return usable ? known : null;
        } finally {
            lock.unlock();
        }
    }

    private List<SegmentReader> put(Path key, SegmentReader reader) {
        List<SegmentReader> dropped = new ArrayList<>();
        lock.lock();
        try {
            SegmentReader other = readers.put(key, reader);
            if (other != null) {
                dropped.add(other);
            }
            Iterator<SegmentReader> oldest = readers.values().iterator();
            for (int excess = readers.size() - MAX_OPEN; excess > 0; excess--) {
                dropped.add(oldest.next());
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
        return dropped;
    }

    /** Forgets a segment: it was deleted or cut. Reads that have it go on. */
    void forget(Path segment) {
        SegmentReader known;
        lock.lock();
        try {
            known = readers.remove(segment);
        } finally {
            lock.unlock();
        }
        if (known != null) {
            known.mapping().release();
        }
    }

    /** Forgets everything. */
    void close() {
        forgetAll(any -> true);
    }

    /** Forgets all segments of a log. */
    void forgetAllBelow(Path directory) {
        forgetAll(segment -> segment.startsWith(directory));
    }

    private void forgetAll(Predicate<Path> which) {
        List<SegmentReader> dropped = new ArrayList<>();
        lock.lock();
        try {
            Iterator<Map.Entry<Path, SegmentReader>> all = readers.entrySet().iterator();
            while (all.hasNext()) {
                Map.Entry<Path, SegmentReader> entry = all.next();
                if (which.test(entry.getKey())) {
                    dropped.add(entry.getValue());
                    all.remove();
                }
            }
        } finally {
            lock.unlock();
        }
        dropped.forEach(reader -> reader.mapping().release());
    }
}
