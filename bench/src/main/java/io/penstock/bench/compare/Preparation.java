package io.penstock.bench.compare;

import io.penstock.bench.load.LoadPlan;
import io.penstock.bench.load.LoadRun;
import io.penstock.bench.load.LoadTopic;
import io.penstock.bench.load.Scenario;
import java.io.IOException;

/**
 * Load on a server that has just been started, the same for all, on a topic of its own: what the compiler does in the first seconds would else
 * be charged to the first figures. Stateless.
 */
final class Preparation {
    private static final String TOPIC = "prepare";
    private static final short LEADER = 1;
    private static final int VALUE_BYTES = 100;
    private static final int WINDOW = 64;
    private static final int CONNECTIONS = 16;

    private Preparation() {}

    /**
     * One request in flight, then a window of requests, then several connections, each of these half as long.
     *
     * @param seconds of the first; 0 for none of them
     */
    static void run(ServerUnderLoad server, boolean isBroker, int seconds) throws IOException, InterruptedException {
        if (seconds == 0) {
            return;
        }
        if (isBroker) {
            LoadTopic.ensureTopic(server.address(), TOPIC);
        }
        int half = (seconds + 1) / 2;
        load(server, isBroker, Scenario.CLOSED, seconds);
        load(server, isBroker, Scenario.PIPELINED, half);
        load(server, isBroker, Scenario.CONNECTIONS, half);
    }

    private static void load(ServerUnderLoad server, boolean isBroker, Scenario scenario, int seconds)
            throws IOException, InterruptedException {
        LoadPlan plan = new LoadPlan(
                scenario,
                server.address(),
                TOPIC,
                LEADER,
                1,
                VALUE_BYTES,
                1,
                WINDOW,
                CONNECTIONS,
                1,
                0,
                seconds,
                isBroker);
        new LoadRun(plan, () -> {}).run();
    }
}
