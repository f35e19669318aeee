package io.penstock.net.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A small ext4 file system in a file, mounted on a loop device, so that a test can fill it or take its power away. Needs root;
 * a test that cannot have one is skipped and says so.
 */
final class LoopDisk implements AutoCloseable {
    private final Path image;
    private final Path mountPoint;

    private LoopDisk(Path image, Path mountPoint) {
        this.image = image;
        this.mountPoint = mountPoint;
    }

    /** Makes, formats and mounts a disk; nothing reaches the image for five minutes unless it is synced. */
    static LoopDisk create(Path directory, String name, int mebibytes) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path image = directory.resolve(name + ".img");
        run("truncate", "-s", mebibytes + "M", image.toString());
        run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
        return mount(image, directory.resolve(name));
    }

    /**
     * What a power cut at this moment would leave: the image as it is, without what the page cache still holds, mounted anew. The
     * broker that writes to this disk must be stopped (SIGSTOP) meanwhile.
     */
    LoopDisk afterPowerCut(String name) throws IOException, InterruptedException {
        Path copy = image.resolveSibling(name + ".img");
        Files.copy(image, copy, StandardCopyOption.REPLACE_EXISTING);
        return mount(copy, image.resolveSibling(name));
    }

    Path directory() {
        return mountPoint;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("umount", "-l", mountPoint.toString());
        Files.deleteIfExists(image);
    }

    private static LoopDisk mount(Path image, Path mountPoint) throws IOException, InterruptedException {
        Files.createDirectories(mountPoint);
        int exit = exitCode("mount", "-o", "loop,commit=300", image.toString(), mountPoint.toString());
        Assumptions.assumeTrue(exit == 0, "SKIPPED: needs root and a loop device to mount " + image);
        return new LoopDisk(image, mountPoint);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        int exit = exitCode(command);
        if (exit != 0) {
            throw new IOException("exit " + exit + " from " + List.of(command));
        }
    }

    private static int exitCode(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("no end within 60 s: " + List.of(command));
        }
        return process.exitValue();
    }
}
