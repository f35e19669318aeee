package io.penstock.storage.chronicle;

import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.core.Jvm;

/** Whether this JVM lets Chronicle at what it needs of the JDK. Safe from any thread: stateless. */
public final class ChronicleRequirements {
    private static final List<String> OPENS = List.of("java.lang.reflect", "sun.nio.ch");
    private static final String EXPORTS = "jdk.internal.ref";

    private ChronicleRequirements() {}

    /**
     * Refuses a JVM that was started without the flags.
     *
     * @throws IllegalStateException with the exact flags to add
     */
    public static void check() {
        List<String> missing = missingFlags();
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    "Chronicle Queue needs more access to the JDK than this JVM was given. Add to the "
                            + "java command line, or start with 'java -jar penstock.jar', whose manifest has it: "
                            + String.join(" ", missing));
        }
    }

    /** The command-line flags that are missing; empty if all is well. */
    public static List<String> missingFlags() {
        Module java = Object.class.getModule();
        Module chronicle = Jvm.class.getModule();
        List<String> missing = new ArrayList<>();
        for (String name : OPENS) {
            if (!java.isOpen(name, chronicle)) {
                missing.add("--add-opens=java.base/" + name + "=ALL-UNNAMED");
            }
        }
        if (!java.isExported(EXPORTS, chronicle)) {
            missing.add("--add-exports=java.base/" + EXPORTS + "=ALL-UNNAMED");
        }
        return missing;
    }
}
