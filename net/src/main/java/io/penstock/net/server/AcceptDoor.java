package io.penstock.net.server;

import io.penstock.net.server.AcceptTurnstile.Clockwork;
import io.penstock.net.server.AcceptTurnstile.Newcomer;
import io.vertx.core.internal.ContextInternal;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where connections wait before one listener serves them: a turnstile on one event loop, which connections of all event loops come to.
 * Safe from any thread.
 */
final class AcceptDoor {
    private final ContextInternal context;
    private final AcceptTurnstile turnstile;
    /** Newcomers that were not yet admitted or refused. */
    private final AtomicInteger waiting = new AtomicInteger();

    AcceptDoor(ContextInternal context, String listenerName, FrontendUsage usage, ConnectionRates rates) {
        this.context = context;
        turnstile = new AcceptTurnstile(listenerName, usage::policy, rates, usage, new ContextClockwork(context));
    }

    /** Whether nobody waits, so that a newcomer passes nobody by. */
    boolean isIdle() {
        return waiting.get() == 0;
    }

    void enter(Newcomer newcomer) {
        waiting.incrementAndGet();
        context.runOnContext(turn -> turnstile.enter(new Counted(newcomer)));
    }

    private final class Counted implements Newcomer {
        private final Newcomer newcomer;

        Counted(Newcomer newcomer) {
            this.newcomer = newcomer;
        }

        @Override
        public InetAddress address() {
            return newcomer.address();
        }

        @Override
        public boolean isAlive() {
            return newcomer.isAlive();
        }

        @Override
        public void admit() {
            waiting.decrementAndGet();
            newcomer.admit();
        }

        @Override
        public void refuse() {
            waiting.decrementAndGet();
            newcomer.refuse();
        }
    }

    private record ContextClockwork(ContextInternal context) implements Clockwork {
        @Override
        public long nowMs() {
            return System.nanoTime() / 1_000_000;
        }

        @Override
        public void after(long delayMs, Runnable task) {
            if (delayMs <= 0) {
                context.runOnContext(turn -> task.run());
            } else {
                context.setTimer(delayMs, timer -> task.run());
            }
        }
    }
}
