package io.penstock.config;

import static io.penstock.config.setting.Rule.atLeast;

import io.penstock.config.setting.Setting;
import io.penstock.config.setting.UpdateMode;
import java.util.List;

/** Settings of streams groups (KIP-1071), with Kafka's defaults. */
public final class StreamsSettings {

    public static final Setting<Integer> SESSION_TIMEOUT_MS = Setting.ofInt(
            "group.streams.session.timeout.ms",
            45_000,
            atLeast(1),
            "Milliseconds without a heartbeat after which a member of a streams group is dropped.");

    public static final Setting<Integer> MIN_SESSION_TIMEOUT_MS = Setting.ofInt(
            "group.streams.min.session.timeout.ms",
            45_000,
            atLeast(1),
            "Least value of streams.session.timeout.ms that a group may set for itself.");

    public static final Setting<Integer> MAX_SESSION_TIMEOUT_MS = Setting.ofInt(
            "group.streams.max.session.timeout.ms",
            60_000,
            atLeast(1),
            "Greatest value of streams.session.timeout.ms that a group may set for itself.");

    public static final Setting<Integer> HEARTBEAT_INTERVAL_MS = Setting.ofInt(
            "group.streams.heartbeat.interval.ms",
            5000,
            atLeast(1),
            "Milliseconds between heartbeats that members of a streams group are told to keep.");

    public static final Setting<Integer> MIN_HEARTBEAT_INTERVAL_MS = Setting.ofInt(
            "group.streams.min.heartbeat.interval.ms",
            5000,
            atLeast(1),
            "Least value of streams.heartbeat.interval.ms that a group may set for itself.");

    public static final Setting<Integer> MAX_HEARTBEAT_INTERVAL_MS = Setting.ofInt(
            "group.streams.max.heartbeat.interval.ms",
            15_000,
            atLeast(1),
            "Greatest value of streams.heartbeat.interval.ms that a group may set for itself.");

    public static final Setting<Integer> MAX_SIZE = Setting.ofInt(
            "group.streams.max.size", Integer.MAX_VALUE, atLeast(1), "Most members of one streams group.");

    public static final Setting<Integer> NUM_STANDBY_REPLICAS = Setting.ofInt(
            "group.streams.num.standby.replicas",
            0,
            atLeast(0),
            "Standby tasks of a streams group for each task that has state.");

    public static final Setting<Integer> MAX_STANDBY_REPLICAS = Setting.ofInt(
            "group.streams.max.standby.replicas",
            2,
            atLeast(0),
            "Greatest value of streams.num.standby.replicas that a group may set for itself.");

    public static final Setting<Integer> INITIAL_REBALANCE_DELAY_MS = Setting.ofInt(
            "group.streams.initial.rebalance.delay.ms",
            3000,
            atLeast(0),
            "Milliseconds that an empty streams group waits for more members after the first has joined.");

    public static final Setting<Integer> ASSIGNMENT_INTERVAL_MS = Setting.ofInt(
                    "group.streams.assignment.interval.ms",
                    1000,
                    atLeast(0),
                    "Least milliseconds between two assignments of tasks in one streams group.")
            .updateMode(UpdateMode.CLUSTER_WIDE);

    public static final Setting<Integer> MIN_ASSIGNMENT_INTERVAL_MS = Setting.ofInt(
            "group.streams.min.assignment.interval.ms",
            0,
            atLeast(0),
            "Least value of streams.assignment.interval.ms that a group may set for itself.");

    public static final Setting<Integer> MAX_ASSIGNMENT_INTERVAL_MS = Setting.ofInt(
            "group.streams.max.assignment.interval.ms",
            15_000,
            atLeast(0),
            "Greatest value of streams.assignment.interval.ms that a group may set for itself.");

    static final List<Setting<?>> ALL = List.of(
            SESSION_TIMEOUT_MS,
            MIN_SESSION_TIMEOUT_MS,
            MAX_SESSION_TIMEOUT_MS,
            HEARTBEAT_INTERVAL_MS,
            MIN_HEARTBEAT_INTERVAL_MS,
            MAX_HEARTBEAT_INTERVAL_MS,
            MAX_SIZE,
            NUM_STANDBY_REPLICAS,
            MAX_STANDBY_REPLICAS,
            INITIAL_REBALANCE_DELAY_MS,
            ASSIGNMENT_INTERVAL_MS,
            MIN_ASSIGNMENT_INTERVAL_MS,
            MAX_ASSIGNMENT_INTERVAL_MS);

    private StreamsSettings() {}
}
