package io.penstock.storage.linux;

import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.IgnoreError;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import net.openhft.posix.PosixAPI;
import net.openhft.posix.internal.noop.NoOpPosixAPI;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of the C library that Chronicle's own interface to it lacks (Linux). Stateless; loaded by the first who asks, on a disk
 * thread.
 */
public final class LibC {
    private static final Logger LOGGER = LoggerFactory.getLogger(LibC.class);

    private LibC() {}

    /** See the manual pages of these names; all answer 0 if all is well. */
    public interface Calls {
        /** Hands dirty pages to the disk, waits for them, or both. */
        @IgnoreError
        int sync_file_range(int descriptor, long offset, long bytes, int flags);

        /**
         * Tells which pages are in memory.
         *
         * @param pages gets a byte for each page, whose lowest bit tells
         */
        @IgnoreError
        int mincore(long address, long bytes, @Out byte[] pages);

        /** {@code sched_getattr}, which has no name of its own in most libraries: reads how {@code thread} (0: this one) is scheduled. */
        @IgnoreError
        int syscall(long number, int thread, @Out byte[] attributes, int size, int flags);

        /** {@code sched_setattr}, likewise. */
        @IgnoreError
        int syscall(long number, int thread, @In byte[] attributes, int flags);
    }

    private static final class Loaded {
        private static final @Nullable Calls CALLS = load();

        private static @Nullable Calls load() {
            if (PosixAPI.posix() instanceof NoOpPosixAPI) {
                return null;
            }
            try {
                return LibraryLoader.create(Calls.class).failImmediately().load("c");
            } catch (RuntimeException | LinkageError e) {
                LOGGER.debug("Calls of the C library are not to be had; what they spare is done", e);
                return null;
            }
        }
    }

    /** Null where there are none, as on other systems than Linux; whoever asks does without. */
    public static @Nullable Calls calls() {
        return Loaded.CALLS;
    }
}
