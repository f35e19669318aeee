package io.penstock.bench.compare;

import java.nio.file.Path;

/** Contenders that tests can start without anything that a build makes. */
final class Echoes {
    static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private Echoes() {}

    static EchoContender echo() {
        return new EchoContender(JAVA, System.getProperty("java.class.path"));
    }
}
