package io.penstock.net.churn;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.clients.Clients;
import io.penstock.net.fixture.TestBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Members join, leave and die over 64 partitions: no partition ever has two owners, no committed offset goes backwards, and the group
 * settles soon after the last change.
 *
 * <p>Half of the time is a storm, in which changes do not wait for each other. In the other half each waits until the group has
 * settled, and how long that took is recorded. Of a death, the time counts from the end of the session time-out; it is up to a
 * heartbeat interval too early, because nobody knows here when the member was heard of last.
 *
 * <p>No alarm listens for blocked event loops: dozens of clients run in this JVM, and may well keep them from their turn.
 */
@Tag("long")
class GroupChurnIT {
    private static final Logger LOGGER = LoggerFactory.getLogger(GroupChurnIT.class);
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(60);
    /** The last sign of life may have been that long before a death. */
    private static final Duration HEARTBEATS = Duration.ofMillis(500);

    private final ChurnHistory history = new ChurnHistory();
    private final SettlingTimes comingAndGoing = new SettlingTimes();
    private final SettlingTimes dying = new SettlingTimes();
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    /** Beside the rest of the tests, so the times are told but only a group that hangs fails. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RANGE")
    void shouldKeepItsPromisesForSomeSeconds(MemberKind kind) throws Exception {
        int members = kind == MemberKind.LIGHT ? 50 : 12;
        churn(kind, members, Duration.ofSeconds(2), 3);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void shouldSettleWithinASecondForTwoMinutes(MemberKind kind) throws Exception {
        Duration last = churn(kind, 50, Duration.ofSeconds(90), 60);

        assertThat(last).as("after the storm").isLessThan(Duration.ofSeconds(1));
        assertThat(comingAndGoing.percentile(95)).as("%s", comingAndGoing).isLessThan(Duration.ofSeconds(1));
        assertThat(dying.percentile(95)).as("%s", dying).isLessThan(Duration.ofSeconds(1));
    }

    /** How long it took to settle after the storm. */
    private Duration churn(MemberKind kind, int memberCount, Duration storm, int changes) throws Exception {
        try (TestBroker broker = TestBroker.start(TestBroker.Store.CHRONICLE, MemberKind.brokerSettings())) {
            Clients.createTopic(broker, ChurnGroup.TOPIC, ChurnGroup.PARTITIONS);
            String address = broker.address();
            int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
            Duration last;
            ChurnGroup group = new ChurnGroup(port, kind, history);
            try (group) {
                while (group.size() < memberCount) {
                    group.add();
                }
                awaitSettled(group);
                last = disturb(group, memberCount, System.nanoTime() + storm.toNanos());
                for (int i = 0; i < changes; i++) {
                    changeOnce(group, kind, i);
                }
                group.observe();
            }
            LOGGER.warn(
                    "{}: {} members, {} offsets committed; settled {} ms after a storm; comings and goings: {}; deaths: {}",
                    kind,
                    memberCount,
                    history.ackedSum(),
                    last.toMillis(),
                    comingAndGoing,
                    dying);
            assertThat(history.violations()).as("seed %d", seed).isEmpty();
            assertThat(group.failures()).as("seed %d", seed).isEmpty();
            assertThat(history.ackedSum()).isPositive();
            return last;
        }
    }

    /** The last change is one that the group hears of at once. */
    private Duration disturb(ChurnGroup group, int memberCount, long endNs) throws IOException, InterruptedException {
        while (System.nanoTime() < endNs) {
            Thread.sleep(random.nextInt(100, 700));
            group.observe();
            int any = random.nextInt(group.size());
            switch (random.nextInt(4)) {
                case 0 -> group.letLeave(any);
                case 1 -> group.letDie(any);
                default -> {
                    if (group.size() < memberCount) {
                        group.add();
                    }
                }
            }
        }
        awaitSettled(group);
        group.letLeave(0);
        while (group.size() < memberCount - 1) {
            group.add();
        }
        long beganNs = group.add();
        awaitSettled(group);
        return Duration.ofNanos(System.nanoTime() - beganNs);
    }

    /** One more member comes, goes or dies. */
    private void changeOnce(ChurnGroup group, MemberKind kind, int number) throws IOException, InterruptedException {
        boolean isDeath = kind.canDie() && number % 20 == 2;
        long beganNs;
        if (number % 2 == 1) {
            beganNs = group.add();
        } else {
            beganNs = System.nanoTime();
            if (isDeath) {
                group.letDie(0);
            } else {
                group.letLeave(0);
            }
        }
        awaitSettled(group);
        Duration took = Duration.ofNanos(System.nanoTime() - beganNs);
        if (isDeath) {
            Duration session = kind.sessionTimeout();
            assertThat(took).as("a death is found out by the time-out alone").isGreaterThan(session.minus(HEARTBEATS));
            dying.add(took.minus(session).isNegative() ? Duration.ZERO : took.minus(session));
        } else {
            comingAndGoing.add(took);
        }
        group.observe();
    }

    private static void awaitSettled(ChurnGroup group) throws InterruptedException {
        long deadlineNs = System.nanoTime() + SETTLE_LIMIT.toNanos();
        while (!group.isSettled()) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("not settled within " + SETTLE_LIMIT + ", failures: " + group.failures());
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }
}
