package io.penstock.net.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What the build knew of itself. Stateless. */
public final class BuildInfo {

    private BuildInfo() {}

    /** The version of this release, as in the POM. */
    public static String version() {
        Properties properties = new Properties();
        try (InputStream stream = BuildInfo.class.getResourceAsStream("build.properties")) {
            if (stream != null) {
                properties.load(stream);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return properties.getProperty("version", "unknown");
    }
}
