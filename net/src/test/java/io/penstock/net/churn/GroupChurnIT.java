package io.penstock.net.churn;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.clients.Clients;
import io.penstock.net.fixture.TestBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fifty members join, leave and die over 64 partitions: no partition ever has two owners in a generation, no committed offset goes
 * backwards, and the group settles soon after the last change.
 */
class GroupChurnIT {
    private static final Logger LOGGER = LoggerFactory.getLogger(GroupChurnIT.class);
    private static final int MEMBERS = 50;
    private static final int LAST_CHANGES = 5;

    private final ChurnHistory history = new ChurnHistory();
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    @Test
    void shouldKeepItsPromisesForTenSeconds() throws Exception {
        // A machine that is busy with other tests may be slow: what is promised is measured by the long dose.
        churn(Duration.ofSeconds(10), Duration.ofSeconds(20));
    }

    @Test
    @Tag("slow")
    void shouldKeepItsPromisesForTwoMinutes() throws Exception {
        churn(Duration.ofMinutes(2), Duration.ofSeconds(1));
    }

    private void churn(Duration duration, Duration settlesWithin) throws Exception {
        try (TestBroker broker =
                TestBroker.start(TestBroker.Store.CHRONICLE, Map.of("group.min.session.timeout.ms", "1000"))) {
            Clients.createTopic(broker, ChurnGroup.TOPIC, ChurnGroup.PARTITIONS);
            String address = broker.address();
            int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
            List<Duration> settled = new ArrayList<>();
            ChurnGroup group = new ChurnGroup(port, history);
            try (group) {
                for (int i = 0; i < MEMBERS; i++) {
                    group.add();
                }
                disturb(group, System.nanoTime() + duration.toNanos());
                awaitSettled(group, Duration.ofSeconds(60));
                for (int i = 0; i < LAST_CHANGES; i++) {
                    settled.add(changeOnce(group, i));
                }
                group.observe();
            }
            Collections.sort(settled);
            LOGGER.warn(
                    "{} assignments, {} offsets committed, settled after the last change within {} ms (median of {})",
                    history.assignmentCount(),
                    history.ackedSum(),
                    settled.get(LAST_CHANGES / 2).toMillis(),
                    settled);
            assertThat(history.violations()).as("seed %d", seed).isEmpty();
            assertThat(group.failures()).as("seed %d", seed).isEmpty();
            assertThat(history.ackedSum()).isPositive();
            assertThat(settled.get(LAST_CHANGES / 2)).as("seed %d", seed).isLessThan(settlesWithin);
        }
    }

    private void disturb(ChurnGroup group, long endNs) throws IOException, InterruptedException {
        while (System.nanoTime() < endNs) {
            Thread.sleep(random.nextInt(100, 700));
            group.observe();
            int any = random.nextInt(group.size());
            switch (random.nextInt(4)) {
                case 0 -> group.letLeave(any);
                case 1 -> group.letDie(any);
                default -> {
                    if (group.size() < MEMBERS) {
                        group.add();
                    }
                }
            }
        }
        while (group.size() < MEMBERS) {
            group.add();
        }
    }

    /** One more member comes or goes; how long it takes until all have settled. */
    private static Duration changeOnce(ChurnGroup group, int number) throws IOException, InterruptedException {
        if (number % 2 == 0) {
            group.letLeave(0);
        } else {
            group.add();
        }
        long beganNs = System.nanoTime();
        // The change must have been heard of before its end can be seen.
        while (group.isSettled()) {
            Thread.sleep(1);
        }
        awaitSettled(group, Duration.ofSeconds(60));
        return Duration.ofNanos(System.nanoTime() - beganNs);
    }

    private static void awaitSettled(ChurnGroup group, Duration limit) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        while (!group.isSettled()) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("not settled within " + limit + ", failures: " + group.failures());
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
