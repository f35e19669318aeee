package io.penstock.net.churn;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * What the members of a group are.
 *
 * <p>How soon members hear of a change is up to their heartbeats, which are 3 or 5 s apart unless somebody says otherwise: they are
 * {@value #HEARTBEAT_MS} ms apart here, so that what is measured is the broker. One hop of news takes a member half of that on
 * average; a range assignment takes one hop, the others two, because a partition is given up before it is given away.
 */
enum MemberKind {
    /** Hand-made members of the classic protocol, which cost next to nothing. */
    LIGHT(""),
    RANGE("org.apache.kafka.clients.consumer.RangeAssignor"),
    COOPERATIVE("org.apache.kafka.clients.consumer.CooperativeStickyAssignor"),
    /** KIP-848; time-outs and intervals are the broker's. */
    CONSUMER("");

    static final int HEARTBEAT_MS = 200;
    static final int SESSION_MS = 3_000;
    private static final int ASSIGNMENT_INTERVAL_MS = 100;

    /** Class of the assignor of members that assign themselves. */
    private final String assignor;

    MemberKind(String assignor) {
        this.assignor = assignor;
    }

    /** What makes one of Kafka's consumers a member of this kind. */
    private Map<String, String> properties() {
        if (this == CONSUMER) {
            return Map.of("group.protocol", "consumer");
        }
        return Map.of(
                "group.protocol",
                "classic",
                "partition.assignment.strategy",
                assignor,
                "session.timeout.ms",
                Integer.toString(SESSION_MS),
                "heartbeat.interval.ms",
                Integer.toString(HEARTBEAT_MS));
    }

    /** What the broker is told; the least time between two assignments is a second by default, and would be measured otherwise. */
    static Map<String, String> brokerSettings() {
        return Map.of(
                "group.min.session.timeout.ms",
                "1000",
                "group.consumer.min.session.timeout.ms",
                "1000",
                "group.consumer.session.timeout.ms",
                Integer.toString(SESSION_MS),
                "group.consumer.min.heartbeat.interval.ms",
                "100",
                "group.consumer.heartbeat.interval.ms",
                Integer.toString(HEARTBEAT_MS),
                "group.consumer.assignment.interval.ms",
                Integer.toString(ASSIGNMENT_INTERVAL_MS));
    }

    /** Whether generations tell which assignments belong together; else only time does. */
    boolean hasGenerations() {
        return this != CONSUMER;
    }

    /**
     * Whether a member can be gone without a word. One of KIP-848 cannot with heartbeats as close as here: while it closes, its
     * client sends one more, which says goodbye. Its time-out is the matter of {@code ConsumerOwnershipIT} and of the simulation.
     */
    boolean canDie() {
        return this != CONSUMER;
    }

    /** How long the group does not notice that a member has died. */
    Duration sessionTimeout() {
        return Duration.ofMillis(this == LIGHT ? LightMember.SESSION_MS : SESSION_MS);
    }

    /** A member that is ready to join, on a connection of its own. */
    ChurnMember create(String name, ChurnGroup group, ChurnHistory history) throws IOException {
        return this == LIGHT
                ? new LightMember(name, group, history)
                : new RealMember(name, group, history, properties(), hasGenerations());
    }
}
