package io.penstock.net.launch;

import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.Map;

/**
 * Says yes to {@code sun.misc.Unsafe} on Java 24 and later, as {@code --sun-misc-unsafe-memory-access=allow} on the command line would:
 * Netty and the log's mapped memory rest on it. That option has no place in a jar's manifest, and without it the JVM prints a warning
 * that is no use to anybody who starts a broker, or, in later releases, refuses. To be called before Unsafe is first used.
 */
final class UnsafeAccess {

    private static final String PROPERTY = "sun.misc.unsafe.memory.access";
    private static final int FIRST_JAVA_TO_WARN = 24;

    private UnsafeAccess() {}

    /** Does nothing where nothing is needed, or where the command line has decided already. */
    static void allow() {
        if (Runtime.version().feature() < FIRST_JAVA_TO_WARN || System.getProperty(PROPERTY) != null) {
            return;
        }
        System.setProperty(PROPERTY, "allow");
        tellVirtualMachine();
    }

    /** The JVM reads what was set when it began; the manifest opens that package to us. */
    private static void tellVirtualMachine() {
        try {
            Field saved = Class.forName("jdk.internal.misc.VM").getDeclaredField("savedProps");
            saved.setAccessible(true);
            Map<Object, Object> properties = new HashMap<>((Map<?, ?>) saved.get(null));
            properties.put(PROPERTY, "allow");
            saved.set(null, properties);
        } catch (ReflectiveOperationException | RuntimeException unknownJvm) {
            // Then the JVM prints its warning, which harms nothing. There is no logging yet to say so.
            System.clearProperty(PROPERTY);
        }
    }
}
