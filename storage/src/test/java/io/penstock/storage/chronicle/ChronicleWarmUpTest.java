package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChronicleWarmUpTest {

    @Test
    void shouldLeaveNothingBehind() throws IOException {
        // given
        List<Path> before = leftovers();

        // when
        ChronicleWarmUp.run();

        // then
        assertThat(leftovers()).isEqualTo(before);
    }

    private static List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(path -> path.getFileName().toString().startsWith("penstock-warm-up"))
                    .toList();
        }
    }
}
