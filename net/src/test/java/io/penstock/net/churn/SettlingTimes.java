package io.penstock.net.churn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How long a group needed to settle after one change each. Used by one thread. */
final class SettlingTimes {
    private final List<Duration> times = new ArrayList<>();

    void add(Duration time) {
        times.add(time);
        Collections.sort(times);
    }

    /** The time that so many percent of the changes did not exceed; 100 is the greatest. */
    Duration percentile(int percent) {
        int rank = Math.max(1, (times.size() * percent + 99) / 100);
        return times.isEmpty() ? Duration.ZERO : times.get(rank - 1);
    }

    @Override
    public String toString() {
        if (times.isEmpty()) {
            return "none";
        }
        return times.size() + " changes, 50% " + percentile(50).toMillis() + " ms, 90% "
                + percentile(90).toMillis() + " ms, max " + percentile(100).toMillis() + " ms";
    }
}
