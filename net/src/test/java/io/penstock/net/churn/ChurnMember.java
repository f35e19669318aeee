package io.penstock.net.churn;

import java.util.List;

/** A member of the group that comes, commits offsets and goes. Runs on a thread of its own; the rest is safe from any thread. */
interface ChurnMember extends Runnable {
    /** Says goodbye and is gone. */
    void leave();

    /** Is gone without a word. */
    void die();

    /** The generation whose assignment it lives by; negative if none, 0 if its protocol has no such thing. */
    int settledGeneration();

    /** Partitions it owns now. */
    List<Integer> owned();
}
