package io.penstock.core.group;

/**
 * The time by which offsets grow old: the wall clock, except that a jump ahead does not count. No more can have passed than this
 * process has been awake, so one wrong clock cannot make every group's offsets a week old at once. A clock that goes back is
 * followed: that only keeps offsets for longer.
 *
 * <p>It starts with the wall clock, because nothing else tells for how long the broker was off. So a clock that is put right by a
 * jump ahead while the broker runs delays expiry until the next start. Owned by one shard.
 */
public final class AgeClock {
    private static final long NOT_STARTED = Long.MIN_VALUE;

    private long startWallMs = NOT_STARTED;
    private long startAwakeMs;

    /** Milliseconds since 1970 by which to judge age; the first reading starts the clock. */
    public long read(Now now) {
        if (startWallMs == NOT_STARTED) {
            startWallMs = now.wallMs();
            startAwakeMs = now.awakeMs();
        }
        return Math.min(now.wallMs(), startWallMs + now.awakeMs() - startAwakeMs);
    }
}
