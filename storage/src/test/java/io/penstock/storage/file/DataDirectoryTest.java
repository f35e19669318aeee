package io.penstock.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    private static final DirectoryMeta META = new DirectoryMeta("cluster-1", 4);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path parent;

    @Test
    void shouldCreateAndClaimANewDirectory() throws Exception {
        // when
        try (DataDirectory directory = DataDirectory.open(data())) {
            // then
            assertThat(directory.meta()).isNull();
            assertThat(directory.wasCleanShutdown()).isFalse();
            assertThat(directory.logs()).isDirectory();
            directory.claim(META);
            assertThat(directory.meta()).isEqualTo(META);
        }
        try (DataDirectory again = DataDirectory.open(data())) {
            assertThat(again.meta()).isEqualTo(META);
        }
    }

    @Test
    void shouldRefuseToBeClaimedForAnother() throws Exception {
        try (DataDirectory directory = DataDirectory.open(data())) {
            // given
            directory.claim(META);

            // when, then
            directory.claim(META);
            assertThatThrownBy(() -> directory.claim(new DirectoryMeta("cluster-2", 4)))
                    .isInstanceOf(DataDirectoryException.class)
                    .hasMessageContaining("cluster-1");
        }
    }

    @Test
    void shouldKnowACleanShutdownOnce() throws Exception {
        // given
        DataDirectory.open(data()).closeCleanly();

        // when
        DataDirectory second = DataDirectory.open(data());
        second.close();
        DataDirectory third = DataDirectory.open(data());
        third.close();

        // then
        assertThat(second.wasCleanShutdown()).isTrue();
        assertThat(third.wasCleanShutdown()).isFalse();
    }

    @Test
    void shouldRefuseASecondOpenerInThisProcess() throws Exception {
        // given
        Path link = Files.createSymbolicLink(parent.resolve("link"), parent);
        try (DataDirectory directory = DataDirectory.open(data())) {
            assertThat(directory.path()).isEqualTo(data());

            // when, then: also by another name
            for (Path name : List.of(data(), link.resolve("data"))) {
                assertThatThrownBy(() -> DataDirectory.open(name))
                        .isInstanceOf(DataDirectoryBusyException.class)
                        .hasMessageContaining("pid " + ProcessHandle.current().pid());
            }
        }
        DataDirectory.open(data()).close();
    }

    @Test
    void shouldRefuseASecondProcessEvenAfterARefusalHere() throws Exception {
        // given: a refused second opener must not have dropped the lock
        try (DataDirectory directory = DataDirectory.open(data())) {
            assertThatThrownBy(() -> DataDirectory.open(directory.path()))
                    .isInstanceOf(DataDirectoryBusyException.class);

            // when
            String answer = openInAnotherProcess();

            // then
            assertThat(answer)
                    .contains(
                            "DataDirectoryBusyException",
                            "pid " + ProcessHandle.current().pid());
        }
        assertThat(openInAnotherProcess()).isEqualTo("opened");
    }

    /** Stands for a second broker. */
    public static final class Opener {
        private Opener() {}

        @SuppressWarnings("SystemOut") // its answer to the test
        public static void main(String[] args) throws Exception {
            try (DataDirectory directory = DataDirectory.open(Path.of(args[0]))) {
                System.out.println("opened" + (directory.meta() == null ? "" : " " + directory.meta()));
            } catch (DataDirectoryException e) {
                System.out.println(e);
            }
        }
    }

    private String openInAnotherProcess() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opener.class.getName(),
                        data().toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = process.inputReader()) {
            String answer = String.join("\n", output.lines().toList());
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return answer;
        }
    }

    @Test
    void shouldCreateWhatIsMissingAboveIt() throws Exception {
        DataDirectory.open(parent.resolve("no/such/data")).close();

        assertThat(parent.resolve("no/such/data/logs")).isDirectory();
    }

    @Test
    void shouldRefuseADirectoryOfKafkaAndLeaveItAlone() throws Exception {
        // given
        Files.createDirectory(data());
        Files.writeString(data().resolve("meta.properties"), "version=1");

        // when, then
        assertThatThrownBy(() -> DataDirectory.open(data()))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("holds data of Apache Kafka");
        assertThat(data()).isDirectoryContaining("glob:**/meta.properties").isNotEmptyDirectory();
        assertThat(data().resolve("logs")).doesNotExist();
    }

    @Test
    void shouldRefuseAFile() throws Exception {
        // given
        Files.createFile(data());

        // when, then
        assertThatThrownBy(() -> DataDirectory.open(data()))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("is not a directory");
    }

    @Test
    void shouldRefuseADirectoryItMayNotWrite() throws Exception {
        // given
        Files.createDirectory(
                data(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
        boolean root = Files.isWritable(data());
        if (root) {
            chattr("+i"); // what permissions do not keep from root
        }
        Assumptions.assumeFalse(
                Files.isWritable(data()), "SKIPPED: root may write everywhere, and there is no chattr +i");

        // when, then
        try {
            assertThatThrownBy(() -> DataDirectory.open(data()))
                    .isInstanceOf(DataDirectoryException.class)
                    .hasMessageContaining("cannot be used")
                    .hasMessageContaining("permi");
            assertThat(data()).isEmptyDirectory();
        } finally {
            if (root) {
                chattr("-i");
            }
        }
    }

    private void chattr(String flag) throws Exception {
        int exitCode = new ProcessBuilder("chattr", flag, data().toString())
                .inheritIO()
                .start()
                .waitFor();
        Assumptions.assumeTrue(exitCode == 0, "SKIPPED: chattr " + flag + " does not work here");
    }

    @Test
    void shouldWriteNothingIntoADirectoryOfAFutureVersion() throws Exception {
        // given
        DataDirectory.open(data()).closeCleanly();
        byte[] future = new SealedWriter(SealedWriter.magic("PNDD"), 7, 0).toBytes();
        new CheckpointFile(data().resolve("meta")).write(future);
        List<String> before = content();

        // when, then
        assertThatThrownBy(() -> DataDirectory.open(data()))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("format version 7");
        assertThat(content()).isEqualTo(before);
    }

    @Test
    void shouldRefuseDamagedMeta() throws Exception {
        // given
        DataDirectory directory = DataDirectory.open(data());
        directory.claim(META);
        directory.close();
        Path meta = data().resolve("meta");
        byte[] intact = Files.readAllBytes(meta);

        // when, then
        io.penstock.storage.fixture.Damage.flipEveryBit(intact, (damaged, what) -> {
            Files.write(meta, damaged);
            assertThatThrownBy(() -> DataDirectory.open(data()))
                    .as(what)
                    .isInstanceOf(DataDirectoryException.class)
                    .hasMessageContaining(meta.toString());
        });
        Files.write(meta, intact);
        DataDirectory.open(data()).close();
    }

    @Test
    void shouldNoticeDamageInMetaBytes() throws Exception {
        DamagedSeals.assertNoticed(META.toBytes(), bytes -> DirectoryMeta.fromBytes(bytes, "meta"));
        assertThat(DirectoryMeta.fromBytes(META.toBytes(), "meta")).isEqualTo(META);
    }

    private List<String> content() throws Exception {
        try (Stream<Path> files = Files.walk(data())) {
            return files.sorted().map(DataDirectoryTest::describe).toList();
        }
    }

    private static String describe(Path file) {
        try {
            return file + " " + Files.getLastModifiedTime(file) + (Files.isDirectory(file) ? "" : Files.size(file));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Path data() {
        return parent.resolve("data");
    }
}
