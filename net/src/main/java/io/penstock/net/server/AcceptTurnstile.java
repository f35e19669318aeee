package io.penstock.net.server;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * Lets the new connections of one listener in, one after another: while one waits, for its rate or for room, those behind it wait too,
 * as they do in Kafka's acceptor. At most {@value #MAX_WAITING} wait; further ones are refused. One whose address has used up its quota is
 * held for a while and then refused, so that a client which tries again at once gains nothing; nobody waits behind it. Owned by one
 * event loop; time and timers come from outside, so tests need neither.
 */
final class AcceptTurnstile {
    static final int MAX_WAITING = 1_000;

    /** How often to look for room that nobody announced, because a limit was raised. */
    static final long LOOK_AGAIN_MS = 500;

    private final String listenerName;
    private final Supplier<ConnectionPolicy> policy;
    private final ConnectionRates rates;
    private final FrontendUsage usage;
    private final Clockwork clockwork;
    private final ArrayDeque<Newcomer> waiting = new ArrayDeque<>();
    private boolean isHeadCounted;
    private Wait wait = Wait.NONE;
    /** Tells the timer that counts from those that came too late. */
    private int waitNumber;

    private boolean isAwaitingSlot;
    private int heldCount;

    private enum Wait {
        NONE,
        /** For the rate; nothing shortens it. */
        RATE,
        /** For room; ends when there is some. */
        ROOM
    }

    /** Time and timers of the event loop; safe from any thread. */
    interface Clockwork {
        long nowMs();

        /** Runs {@code task} on the event loop. */
        void after(long delayMs, Runnable task);
    }

    /** A connection at the door. Called on the turnstile's event loop. */
    interface Newcomer {
        InetAddress address();

        /** Whether it has not given up. */
        boolean isAlive();

        /** Counted as open from now on. */
        void admit();

        void refuse();
    }

    AcceptTurnstile(
            String listenerName,
            Supplier<ConnectionPolicy> policy,
            ConnectionRates rates,
            FrontendUsage usage,
            Clockwork clockwork) {
        this.listenerName = listenerName;
        this.policy = policy;
        this.rates = rates;
        this.usage = usage;
        this.clockwork = clockwork;
    }

    /** Connections that wait or are held. */
    int waitingCount() {
        return waiting.size() + heldCount;
    }

    void enter(Newcomer newcomer) {
        if (waitingCount() >= MAX_WAITING) {
            newcomer.refuse();
            return;
        }
        waiting.add(newcomer);
        proceed();
    }

    private void proceed() {
        while (wait == Wait.NONE && !waiting.isEmpty()) {
            if (!waiting.getFirst().isAlive()) {
                next().refuse();
            } else if (!isHeadCounted) {
                isHeadCounted = true;
                waitFor(Wait.RATE, rates.record(policy.get(), listenerName, clockwork.nowMs()));
            } else if (usage.hasSlot(listenerName)) {
                letIn(next());
            } else {
                waitForRoom();
            }
        }
    }

    private Newcomer next() {
        isHeadCounted = false;
        return waiting.removeFirst();
    }

    private void letIn(Newcomer newcomer) {
        long heldMs = rates.recordOrTakeBack(policy.get(), listenerName, newcomer.address(), clockwork.nowMs());
        if (heldMs > 0) {
            heldCount++;
            clockwork.after(heldMs, () -> {
                heldCount--;
                newcomer.refuse();
            });
            return;
        }
        switch (usage.tryOpen(listenerName, newcomer.address())) {
            case OPENED -> newcomer.admit();
            case TOO_MANY_FROM_ADDRESS -> newcomer.refuse();
            case NO_SLOT -> {
                // Another listener took it.
                waiting.addFirst(newcomer);
                isHeadCounted = true;
                waitForRoom();
            }
        }
    }

    private void waitForRoom() {
        waitFor(Wait.ROOM, LOOK_AGAIN_MS);
        if (!isAwaitingSlot) {
            isAwaitingSlot = true;
            usage.awaitSlot(() -> clockwork.after(0, this::onSlot));
        }
    }

    private void waitFor(Wait what, long delayMs) {
        if (delayMs > 0) {
            wait = what;
            int number = ++waitNumber;
            clockwork.after(delayMs, () -> {
                if (number == waitNumber) {
                    wait = Wait.NONE;
                    proceed();
                }
            });
        }
    }

    private void onSlot() {
        isAwaitingSlot = false;
        if (wait == Wait.ROOM) {
            wait = Wait.NONE;
            waitNumber++;
            proceed();
        }
    }
}
