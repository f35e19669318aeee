package io.penstock.net.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Java installations of this machine that the broker must run on. */
final class InstalledJavas {
    private InstalledJavas() {}

    /** Every Java from 17 up that this machine has, the one that runs the tests among them. */
    static List<Path> find() throws IOException {
        List<Path> homes =
                new ArrayList<>(List.of(Path.of(System.getProperty("java.home")).toRealPath()));
        Path common = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(common)) {
            try (var entries = Files.list(common)) {
                for (Path entry : entries.sorted().toList()) {
                    Path home = entry.toRealPath();
                    if (!homes.contains(home)
                            && release(home).filter(found -> found >= 17).isPresent()) {
                        homes.add(home);
                    }
                }
            }
        }
        return homes.stream().map(home -> home.resolve("bin/java")).toList();
    }

    private static Optional<Integer> release(Path home) throws IOException {
        Path file = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin/java")) || !Files.exists(file)) {
            return Optional.empty();
        }
        Matcher version = Pattern.compile("JAVA_VERSION=\"(\\d+)").matcher(Files.readString(file));
        return version.find() ? Optional.of(Integer.valueOf(version.group(1))) : Optional.empty();
    }
}
