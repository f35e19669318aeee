package io.penstock.bench.zerocopy;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.MappedByteBuffer;

/** Unmaps at once: left to the collector, maps of files that are gone would hold their disk space, and be unmapped while the clock runs. */
final class Unmapper {
    private Unmapper() {}

    /** The buffer, its slices and duplicates must not be touched afterwards: the process would die. */
    static void unmap(MappedByteBuffer mapping) {
        try {
            Class<?> type = Class.forName("sun.misc.Unsafe");
            Field field = type.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            Method clean = type.getMethod("invokeCleaner", java.nio.ByteBuffer.class);
            clean.invoke(field.get(null), mapping);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("expected a JDK that can unmap a buffer", e);
        }
    }
}
