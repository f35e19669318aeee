package io.penstock.net.transport;

/**
 * Whether an event loop should go on looking for work, for as long as a window, before it sleeps. To look costs its processor; to be
 * woken costs a hypervisor and a cold cache, tens of microseconds on a virtual machine, for which the client waits.
 *
 * <p>It looks when the last wait was so short that looking might have been enough, as long as that mostly turns out right. When it does
 * not, it sleeps for a number of waits before it tries again, and for twice as many the next time. So a loop that has work all the time
 * hardly ever sleeps, and one that has some now and then hardly ever looks in vain.
 *
 * <p>Pure and owned by one event loop.
 */
final class SpinForecast {
    /** A wait that was slept through has the time to fall asleep and to be woken in it. */
    private static final int SHORT_WINDOWS = 2;

    private static final int FULL_SCORE = 8;
    private static final int FIRST_SCORE = 4;
    private static final int LOSS = 2;
    private static final int MIN_PAUSE = 16;
    private static final int MAX_PAUSE = 4096;

    private final long windowNs;
    private boolean wasShort;
    private int score = FIRST_SCORE;
    private int pauseWaits = MIN_PAUSE;
    private int waitsToSleep;

    /** @param windowNs how long to look at most; 0 for never */
    SpinForecast(long windowNs) {
        this.windowNs = windowNs;
    }

    /** How long to look in the wait that begins; 0 to sleep at once. To be asked once for each wait. */
    long nextNs() {
        if (!wasShort) {
            return 0;
        }
        if (waitsToSleep > 0) {
            waitsToSleep--;
            return 0;
        }
        return windowNs;
    }

    /** Something came while the loop was looking. */
    void onFound() {
        score = Math.min(score + 1, FULL_SCORE);
        if (score == FULL_SCORE) {
            pauseWaits = MIN_PAUSE;
        }
    }

    /** The loop has slept after looking for nothing, or has not looked; {@code waitNs} is all of that. */
    void onSlept(boolean hasLooked, long waitNs) {
        wasShort = waitNs <= SHORT_WINDOWS * windowNs;
        if (!hasLooked) {
            return;
        }
        score -= LOSS;
        if (score <= 0) {
            score = FIRST_SCORE;
            waitsToSleep = pauseWaits;
            pauseWaits = Math.min(2 * pauseWaits, MAX_PAUSE);
        }
    }
}
