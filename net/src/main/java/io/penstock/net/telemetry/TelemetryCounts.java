package io.penstock.net.telemetry;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.protocol.Errors;

/** What came in since the start. Safe from any thread: adders in a map that does not change. */
public final class TelemetryCounts {
    private final LongAdder pushes = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final Map<Errors, LongAdder> refusals = new EnumMap<>(Errors.class);

    TelemetryCounts() {
        for (Errors error : Errors.values()) {
            refusals.put(error, new LongAdder());
        }
    }

    void onPush(int pushedBytes) {
        pushes.increment();
        bytes.add(pushedBytes);
    }

    void onRefusal(Errors error) {
        LongAdder count = refusals.get(error);
        if (count != null) {
            count.increment();
        }
    }

    public long pushes() {
        return pushes.sum();
    }

    /** Bytes of accepted metrics, as they came. */
    public long bytes() {
        return bytes.sum();
    }

    /** Requests refused with that error. */
    public long refusals(Errors error) {
        LongAdder count = refusals.get(error);
        return count == null ? 0 : count.sum();
    }
}
