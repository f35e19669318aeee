package io.penstock.storage.chronicle;

import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The system properties that Chronicle reads once, in its static initialisers. Whoever is about to use Chronicle for the first time
 * calls {@link #apply}; what the user has set on the command line stays.
 *
 * <p>Safe from any thread: class initialisation sets everything before anybody can go on.
 */
final class ChronicleSettings {
    private static final Logger LOGGER = LoggerFactory.getLogger(ChronicleSettings.class);

    private static final Map<String, String> PROPERTIES = Map.ofEntries(
            // No banner, no usage reports, no dot-files in the user's home.
            Map.entry("chronicle.announcer.disable", "true"),
            Map.entry("chronicle.analytics.disable", "true"),
            // JNA unpacks its native library here and takes it away again; its own choice is the user's home.
            Map.entry("jna.tmpdir", System.getProperty("java.io.tmpdir")),
            // It would poll every directory from a thread of its own; we reserve space instead.
            Map.entry("chronicle.disk.monitor.disable", "true"),
            // Tracing keeps a stack trace for each reference: for debugging only.
            Map.entry("jvm.resource.tracing", "false"),
            // Close and unmap in the calling thread, which is ours and may wait: then it is done when we go on.
            Map.entry("background.releaser", "false"),
            // Nobody but us opens these files; a lock that cannot be had at once is a broken one.
            Map.entry("chronicle.table.store.timeoutMS", "1000"),
            // Flushing is ours: no msync when a mapping goes.
            Map.entry("mappedFile.defaultSyncMode", "NONE"));

    static {
        PROPERTIES.forEach((key, value) -> {
            if (System.getProperty(key) == null) {
                System.setProperty(key, value);
            } else if (!value.equals(System.getProperty(key))) {
                LOGGER.info("keeping {}={} from the command line", key, System.getProperty(key));
            }
        });
    }

    private ChronicleSettings() {}

    /** Makes sure the properties are set. */
    static void apply() {
        // Class initialisation has done it.
    }
}
