package io.penstock.bench.load;

import java.net.InetSocketAddress;

/** Loads of one second without warm-up, and loads that differ from them in one thing. */
final class Plans {
    static final InetSocketAddress NOBODY = InetSocketAddress.createUnresolved("nobody", 1);

    private Plans() {}

    static LoadPlan plan(Scenario scenario, InetSocketAddress broker, String topic) {
        return new LoadPlan(scenario, broker, topic, (short) 1, 1, 100, 200, 8, 4, 2, 0, 1, true);
    }

    static LoadPlan withBatch(LoadPlan plan, int records, int valueBytes) {
        return new LoadPlan(
                plan.scenario(),
                plan.broker(),
                plan.topic(),
                plan.acks(),
                records,
                valueBytes,
                plan.ratePerSecond(),
                plan.window(),
                plan.connections(),
                plan.clientThreads(),
                plan.warmUpSeconds(),
                plan.seconds(),
                plan.answered());
    }

    static LoadPlan withWarmUp(LoadPlan plan, int warmUpSeconds) {
        return new LoadPlan(
                plan.scenario(),
                plan.broker(),
                plan.topic(),
                plan.acks(),
                plan.records(),
                plan.valueBytes(),
                plan.ratePerSecond(),
                plan.window(),
                plan.connections(),
                plan.clientThreads(),
                warmUpSeconds,
                plan.seconds(),
                plan.answered());
    }

    /** Of a server that is no broker. */
    static LoadPlan unanswered(Scenario scenario, InetSocketAddress server, int rate) {
        return new LoadPlan(scenario, server, "t", (short) 1, 1, 100, rate, 8, 4, 2, 0, 1, false);
    }
}
