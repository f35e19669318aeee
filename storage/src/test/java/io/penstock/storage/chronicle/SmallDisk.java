package io.penstock.storage.chronicle;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A file system of its own for one test: ext4 in an image file, or a tmpfs. Needs root and loop devices; without them the test is
 * skipped, and says so.
 */
final class SmallDisk implements AutoCloseable {
    private final Path mountPoint;

    private SmallDisk(Path mountPoint) {
        this.mountPoint = mountPoint;
    }

    /** An empty ext4 of so many MiB in {@code image}. Its journal commits by itself every five minutes only. */
    static SmallDisk ext4(Path image, Path mountPoint, int mebibytes) throws IOException {
        assumeRoot();
        run("truncate", "-s", mebibytes + "M", image.toString());
        run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", image.toString());
        return mount(image, mountPoint);
    }

    /** The ext4 that {@code image} holds; its journal is replayed. */
    static SmallDisk mount(Path image, Path mountPoint) throws IOException {
        Files.createDirectories(mountPoint);
        run("mount", "-o", "loop,commit=300", image.toString(), mountPoint.toString());
        return new SmallDisk(mountPoint);
    }

    /** An empty tmpfs of so many MiB. */
    static SmallDisk tmpfs(Path mountPoint, int mebibytes) throws IOException {
        assumeRoot();
        Files.createDirectories(mountPoint);
        run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", mountPoint.toString());
        return new SmallDisk(mountPoint);
    }

    private static void assumeRoot() {
        assumeTrue(
                "root".equals(System.getProperty("user.name")) && Files.exists(Path.of("/dev/loop-control")),
                "SKIPPED: this test mounts a file system and needs root and loop devices");
    }

    private static void run(String... command) {
        List<String> words = new ArrayList<>(List.of(command));
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            assumeTrue(ended && process.exitValue() == 0, "SKIPPED: cannot " + String.join(" ", words) + ": " + output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Path path() {
        return mountPoint;
    }

    /** Fills the disk up to the last byte. */
    Path fill() throws IOException {
        Path filler = mountPoint.resolve("filler");
        try (var channel = Files.newByteChannel(
                filler, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND)) {
            for (int bytes = 1 << 20; bytes > 0; bytes /= 2) {
                writeWhileThereIsSpace(channel, bytes);
            }
        }
        return filler;
    }

    private static void writeWhileThereIsSpace(java.nio.channels.SeekableByteChannel channel, int bytes) {
        try {
            while (channel.write(java.nio.ByteBuffer.allocate(bytes)) == bytes) {
                // until it is full
            }
        } catch (IOException full) {
            // that is what is wanted
        }
    }

    @Override
    public void close() {
        run("umount", "-l", mountPoint.toString());
    }
}
