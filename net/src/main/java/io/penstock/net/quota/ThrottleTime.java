package io.penstock.net.quota;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Writes the throttle time into an answer of any API. The generated messages that have one share no interface, so its setter is looked
 * up once for each class. Stateless but for that.
 */
public final class ThrottleTime {
    private static final ClassValue<Optional<MethodHandle>> SETTERS = new ClassValue<>() {
        @Override
        protected Optional<MethodHandle> computeValue(Class<?> type) {
            try {
                return Optional.of(MethodHandles.publicLookup()
                        .findVirtual(type, "setThrottleTimeMs", MethodType.methodType(type, int.class))
                        .asType(MethodType.methodType(Object.class, Object.class, int.class)));
            } catch (NoSuchMethodException none) {
                return Optional.empty(); // an answer without that field, such as that to SaslHandshake
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("expected a public setter in " + type.getName(), e);
            }
        }
    };

    private ThrottleTime() {}

    /** Sets the throttle time, if answers of this API have one. */
    public static void set(ApiMessage answer, int throttleMs) {
        Optional<MethodHandle> setter = SETTERS.get(answer.getClass());
        if (setter.isEmpty()) {
            return;
        }
        try {
            Object unused = setter.get().invokeExact((Object) answer, throttleMs);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new IllegalStateException("a setter threw a checked exception", impossible);
        }
    }
}
