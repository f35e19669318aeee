package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.quota.QuotaWindow;
import io.penstock.net.server.ConnectionPolicy.OfListener;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

class AcceptTurnstileTest {
    private static final String LISTENER = "EXTERNAL";
    private static final int NO = ConnectionPolicy.UNLIMITED;
    private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();

    private final ManualClockwork clockwork = new ManualClockwork();
    private final List<String> events = new ArrayList<>();
    private ConnectionPolicy policy = policy(NO, NO, Map.of(), OfListener.NONE);
    private final FrontendUsage usage = new FrontendUsage(ListenerLimits.DEFAULTS, () -> policy, QuotaWindow.DEFAULT);
    private final AcceptTurnstile turnstile =
            new AcceptTurnstile(LISTENER, () -> policy, usage.rates(), usage, clockwork);

    @Test
    void shouldAdmitAtOnceWithoutBounds() {
        // when
        enter(3);

        // then
        assertThat(events).containsExactly("0 admitted 0", "0 admitted 1", "0 admitted 2");
        assertThat(usage.connections()).isEqualTo(3);
    }

    @Test
    void shouldAdmitNoFasterThanTheBrokersRate() {
        // given
        policy = policy(NO, 10, Map.of(), OfListener.NONE);

        // when: what ten seconds allow, and fifty more
        enter(150);
        int atOnce = events.size();
        clockwork.advance(5_000);

        // then
        assertThat(atOnce).isBetween(100, 101);
        assertThat(events.size()).isBetween(110, 150);
        clockwork.advance(60_000);
        assertThat(events).hasSize(150).allMatch(event -> event.contains("admitted"));
    }

    @Test
    void shouldHoldAListenerToARateOfItsOwn() {
        // given
        policy = policy(NO, NO, Map.of(), new OfListener(NO, 1));

        // when
        enter(12);

        // then: ten at once, the next after a tenth of a window, and whoever is behind it after that
        assertThat(events).hasSize(10);
        clockwork.advance(999);
        assertThat(events).hasSize(10);
        clockwork.advance(1);
        assertThat(events).hasSize(11);
    }

    @Test
    void shouldLetConnectionsWaitForASlot() {
        // given
        policy = policy(2, NO, Map.of(), OfListener.NONE);
        enter(3);
        assertThat(events).hasSize(2);

        // when
        usage.onClosed(LISTENER, LOCAL);
        clockwork.advance(0);

        // then
        assertThat(events).last().isEqualTo("0 admitted 2");
        assertThat(usage.connections()).isEqualTo(2);
    }

    @Test
    void shouldLetConnectionsWaitForASlotOfTheirListener() {
        // given
        policy = policy(NO, NO, Map.of(), new OfListener(1, NO));

        // when
        enter(2);

        // then
        assertThat(events).containsExactly("0 admitted 0");
    }

    @Test
    void shouldNoticeThatALimitWasRaised() {
        // given
        policy = policy(1, NO, Map.of(), OfListener.NONE);
        enter(2);

        // when
        policy = policy(2, NO, Map.of(), OfListener.NONE);
        clockwork.advance(AcceptTurnstile.LOOK_AGAIN_MS);

        // then
        assertThat(events).last().isEqualTo("500 admitted 1");
    }

    @Test
    void shouldHoldAndRefuseWhoeverComesFasterThanTheQuotaOfTheirAddress() {
        // given
        policy = policy(NO, NO, Map.of(LOCAL, 1), OfListener.NONE);

        // when
        enter(11);

        // then
        assertThat(events).hasSize(10);
        assertThat(turnstile.waitingCount()).isEqualTo(1);
        clockwork.advance(1_000);
        assertThat(events).last().isEqualTo("1000 refused 10");
        assertThat(usage.connections()).isEqualTo(10);

        // and what was refused does not count against it
        clockwork.advance(11_000);
        enter(1);
        assertThat(events).last().isEqualTo("12000 admitted 11");
    }

    @Test
    void shouldRefuseMoreThanAnAddressMayHave() {
        // given
        policy = new ConnectionPolicy(NO, NO, 1, Map.of(LOCAL, 2), Map.of(), NO, Map.of());

        // when
        enter(3);

        // then
        assertThat(events).containsExactly("0 admitted 0", "0 admitted 1", "0 refused 2");
    }

    @Test
    void shouldPassOverWhoGaveUp() {
        // given
        policy = policy(1, NO, Map.of(), OfListener.NONE);
        enter(3);
        newcomers.get(1).isAlive = false;

        // when
        usage.onClosed(LISTENER, LOCAL);
        clockwork.advance(0);

        // then
        assertThat(events).containsExactly("0 admitted 0", "0 refused 1", "0 admitted 2");
    }

    @Test
    void shouldRefuseWhenTooManyWait() {
        // given
        policy = policy(1, NO, Map.of(), OfListener.NONE);
        enter(1 + AcceptTurnstile.MAX_WAITING);
        assertThat(events).hasSize(1);

        // when
        enter(1);

        // then
        assertThat(events).last().isEqualTo("0 refused " + (1 + AcceptTurnstile.MAX_WAITING));
    }

    private final List<Comer> newcomers = new ArrayList<>();

    private void enter(int count) {
        for (int i = 0; i < count; i++) {
            Comer comer = new Comer(newcomers.size());
            newcomers.add(comer);
            turnstile.enter(comer);
        }
    }

    private static ConnectionPolicy policy(
            int maxConnections, int maxRate, Map<InetAddress, Integer> ipRates, OfListener listener) {
        return new ConnectionPolicy(maxConnections, maxRate, NO, Map.of(), ipRates, NO, Map.of(LISTENER, listener));
    }

    private final class Comer implements AcceptTurnstile.Newcomer {
        private final int number;
        private boolean isAlive = true;

        Comer(int number) {
            this.number = number;
        }

        @Override
        public InetAddress address() {
            return LOCAL;
        }

        @Override
        public boolean isAlive() {
            return isAlive;
        }

        @Override
        public void admit() {
            events.add(clockwork.nowMs() + " admitted " + number);
        }

        @Override
        public void refuse() {
            events.add(clockwork.nowMs() + " refused " + number);
        }
    }

    /** An event loop whose time a test moves. */
    private static final class ManualClockwork implements AcceptTurnstile.Clockwork {
        private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparingLong(Task::atMs));
        private long nowMs;

        private record Task(long atMs, Runnable work) {}

        @Override
        public long nowMs() {
            return nowMs;
        }

        @Override
        public void after(long delayMs, Runnable task) {
            tasks.add(new Task(nowMs + delayMs, task));
        }

        void advance(long byMs) {
            long untilMs = nowMs + byMs;
            while (!tasks.isEmpty() && tasks.peek().atMs <= untilMs) {
                Task next = tasks.remove();
                nowMs = next.atMs;
                next.work.run();
            }
            nowMs = untilMs;
        }
    }
}
