package io.penstock.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds a directory for this process alone, by an operating-system lock on a file in it that names the process id. The lock goes with
 * the process, however it dies; the file stays.
 *
 * <p>Safe from any thread. Blocks. The set of directories held by this JVM is static on purpose: the operating system does not lock a
 * process out from itself, and would drop the lock of the first opener when a second one merely closed the file.
 */
final class DirectoryLock {
    static final String FILE_NAME = ".lock";
    private static final int MAX_PID_BYTES = 20;
    private static final Set<Path> HELD_BY_THIS_JVM = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** Takes the lock or throws at once. Creates the file if need be, but changes nothing in it. */
    static DirectoryLock take(Path directory) throws IOException {
        Path real = directory.toRealPath();
        if (!HELD_BY_THIS_JVM.add(real)) {
            throw busy(directory, "this process (pid " + ProcessHandle.current().pid() + ")");
        }
        boolean taken = false;
        try {
            DirectoryLock lock = new DirectoryLock(real, lockFile(directory));
            taken = true;
            return lock;
        } finally {
            if (!taken) {
                HELD_BY_THIS_JVM.remove(real);
            }
        }
    }

    private static FileChannel lockFile(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(
                directory.resolve(FILE_NAME),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw busy(directory, "the process with pid " + readPid(channel));
            }
            locked = true;
            return channel;
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    private static DataDirectoryBusyException busy(Path directory, String holder) {
        return new DataDirectoryBusyException("data directory " + directory + " is in use by " + holder
                + "; stop it, or give this broker its own log.dirs");
    }

    private static String readPid(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(MAX_PID_BYTES);
        channel.read(text, 0);
        String pid = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).trim();
        return pid.matches("[0-9]+") ? pid : "unknown";
    }

    /** Names this process in the file, for the message that the next one gets. */
    void writePid() throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
    }

    void release() throws IOException {
        try {
            channel.close();
        } finally {
            HELD_BY_THIS_JVM.remove(directory);
        }
    }
}
