package io.penstock.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.config.source.ServerProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

/** The sample files that we hand out can be used as they are. */
class SampleFilesTest {

    private static final Path DIRECTORY = Path.of(System.getProperty("basedir", "."));
    private static final Pattern COMMENTED_OUT = Pattern.compile("(?m)^#([a-z][a-z.]*=)");

    @Test
    void shouldLoadSampleProperties() {
        // when
        BrokerConfig config = BrokerConfig.of(ServerProperties.load(DIRECTORY.resolve("penstock.properties")));

        // then
        assertThat(config.unknownKeys()).isEmpty();
        assertThat(config.keysWithoutEffect()).isEmpty();
    }

    @Test
    void shouldShowDefaultsInSampleProperties() throws IOException {
        // given
        String sample = Files.readString(DIRECTORY.resolve("penstock.properties"));
        ServerProperties all =
                ServerProperties.parse(COMMENTED_OUT.matcher(sample).replaceAll("$1"), "penstock.properties");

        // when, then
        assertThat(all.values()).hasSize(15);
        assertThat(BrokerConfig.of(all).keysWithoutEffect()).isEmpty();
        assertThat(all.values()).allSatisfy((key, value) -> {
            String defaultText = BrokerSettings.find(key).orElseThrow().defaultText();
            assertThat(List.of("advertised.listeners", "log.dirs").contains(key)
                            || value.text().equals(defaultText))
                    .as(key)
                    .isTrue();
        });
    }

    @Test
    void shouldBeWellFormedLogbackFile() throws Exception {
        // given
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);

        // when
        var document = factory.newDocumentBuilder()
                .parse(DIRECTORY.resolve("logback.xml").toFile());

        // then
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("configuration");
    }
}
