package io.penstock.net.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.clients.Clients;
import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.TestBroker;
import io.penstock.net.transactions.Teller.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Money moves between accounts while tellers abort, and are replaced: no reader of committed records ever sees a sum that is wrong. */
@ExtendWith(AlarmExtension.class)
class BankIT {
    private static final int TELLERS = 4;

    private final long seed = new Random().nextLong();
    private final Ledger ledger = new Ledger();

    @Test
    void shouldKeepTheSumForEveryReader() throws Exception {
        audit(Duration.ofSeconds(6));
    }

    @Test
    @Tag("slow")
    void shouldKeepTheSumForMinutes() throws Exception {
        audit(Duration.ofMinutes(2));
    }

    private void audit(Duration time) throws Exception {
        try (TestBroker broker = TestBroker.start(TestBroker.Store.CHRONICLE)) {
            Clients.createTopic(broker, Teller.TOPIC, Teller.PARTITIONS);
            long endNs = System.nanoTime() + time.toNanos();
            ExecutorService threads = Executors.newFixedThreadPool(TELLERS + 2);
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < TELLERS; i++) {
                Teller teller = new Teller(broker, i, ledger, seed + i);
                ends.add(threads.submit(() -> teller.workUntil(endNs)));
            }
            try (Auditor steady = new Auditor(broker, ledger)) {
                ends.add(threads.submit(() -> readOn(steady, endNs)));
                ends.add(threads.submit(() -> readAnew(broker, endNs)));
                for (Future<?> end : ends) {
                    end.get(time.plusSeconds(60).toSeconds(), TimeUnit.SECONDS);
                }
                judge(steady);
            } finally {
                threads.shutdownNow();
            }
            try (Auditor last = new Auditor(broker, ledger)) {
                judge(last);
            }
            assertThat(ledger.fenced).as("zombies").hasPositiveValue();
        }
    }

    private static void readOn(Auditor auditor, long endNs) {
        while (System.nanoTime() < endNs) {
            auditor.round();
        }
    }

    private void readAnew(TestBroker broker, long endNs) {
        while (System.nanoTime() < endNs) {
            try (Auditor auditor = new Auditor(broker, ledger)) {
                auditor.round();
            }
        }
    }

    /** When all tellers have gone home, everything has arrived. */
    private void judge(Auditor auditor) {
        long deadlineNs = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        do {
            auditor.round(); // the last markers may still be on their way
        } while (auditor.complete().size() < ledger.committed.size() && System.nanoTime() < deadlineNs);
        assertThat(ledger.flaws).as("seed %d", seed).isEmpty();
        assertThat(auditor.onItsWay()).isZero();
        assertThat(auditor.complete()).isEqualTo(ledger.committed).hasSizeGreaterThan(TELLERS);
    }
}
