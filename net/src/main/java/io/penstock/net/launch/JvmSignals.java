package io.penstock.net.launch;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * The JVM's way to the signals of the operating system: {@code sun.misc.Signal}, which the JDK keeps open in the module {@code
 * jdk.unsupported} for want of another. By reflection, because the compiler's warning about it cannot be switched off. Stateless.
 */
final class JvmSignals {

    private JvmSignals() {}

    /**
     * Has {@code action} run, on a thread of its own, whenever the signal comes, in place of what the JVM would do. A signal that the
     * parent process had set to be ignored stays ignored.
     *
     * @param name without {@code SIG}
     * @throws IllegalArgumentException if there is no such signal or the JVM keeps it for itself
     */
    static void handle(String name, Runnable action) throws ReflectiveOperationException {
        Class<?> signalType = Class.forName("sun.misc.Signal");
        Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        Object signal = signalType.getConstructor(String.class).newInstance(name);
        Method handle = signalType.getMethod("handle", signalType, handlerType);
        Object before = invoke(handle, signal, handlerOf(handlerType, action));
        if (handlerType.getField("SIG_IGN").get(null).equals(before)) {
            invoke(handle, signal, before);
        }
    }

    private static Object handlerOf(Class<?> handlerType, Runnable action) {
        return Proxy.newProxyInstance(
                handlerType.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                    if (method.getName().equals("handle")) {
                        action.run();
                    }
                    return null;
                });
    }

    private static Object invoke(Method handle, Object signal, Object handler) throws ReflectiveOperationException {
        try {
            return handle.invoke(null, signal, handler);
        } catch (InvocationTargetException refused) {
            if (refused.getCause() instanceof IllegalArgumentException reserved) {
                throw reserved;
            }
            throw refused;
        }
    }
}
