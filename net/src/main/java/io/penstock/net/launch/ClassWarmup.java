package io.penstock.net.launch;

import io.penstock.core.runtime.BrokerRuntime;
import org.apache.kafka.common.protocol.ApiKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads what a start needs a moment later, on threads of its own, while the main thread reads the command line: most of a cold start is
 * the loading of classes, and that goes well on several processors. Everything here would be loaded anyway; nothing depends on it.
 */
final class ClassWarmup {

    private static final Logger LOGGER = LoggerFactory.getLogger(ClassWarmup.class);

    private ClassWarmup() {}

    static void begin() {
        run("storage", BrokerRuntime::warmUp);
        run("kafka", ClassWarmup::loadMessages);
    }

    private static void run(String name, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException | LinkageError failure) {
                        // The start itself will meet the same failure and tell it in its own words.
                        LOGGER.atDebug()
                                .setCause(failure)
                                .addKeyValue("name", name)
                                .log("Warm-up failed");
                    }
                },
                "penstock-warmup-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void loadMessages() {
        for (ApiKeys api : new ApiKeys[] {
            ApiKeys.API_VERSIONS, ApiKeys.METADATA, ApiKeys.PRODUCE, ApiKeys.INIT_PRODUCER_ID, ApiKeys.FETCH
        }) {
            api.messageType.newRequest();
            api.messageType.newResponse();
        }
    }
}
