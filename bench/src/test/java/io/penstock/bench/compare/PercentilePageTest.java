package io.penstock.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

final class PercentilePageTest {
    private static final Pattern PLOT = Pattern.compile("<svg .*?</svg>", Pattern.DOTALL);

    private static Histogram upTo(long maxNs) {
        Histogram latencyNs = new Histogram(3);
        for (int i = 1; i <= 1_000; i++) {
            latencyNs.recordValue(Math.max(1, maxNs * i / 1_000));
        }
        return latencyNs;
    }

    private static String page(Map<String, Histogram> byContender) {
        return PercentilePage.of("Latencies", Map.of("closed loop", byContender));
    }

    private static List<Element> plots(String page) throws Exception {
        List<Element> plots = new ArrayList<>();
        Matcher matcher = PLOT.matcher(page);
        while (matcher.find()) {
            plots.add(DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(matcher.group().getBytes(StandardCharsets.UTF_8)))
                    .getDocumentElement());
        }
        return plots;
    }

    private static List<Element> all(Element plot, String name) {
        NodeList found = plot.getElementsByTagName(name);
        return Stream.iterate(0, i -> i < found.getLength(), i -> i + 1)
                .map(i -> (Element) found.item(i))
                .toList();
    }

    private static List<double[]> points(Element curve) {
        return Stream.of(curve.getAttribute("points").strip().split(" ", -1))
                .map(point -> point.split(",", -1))
                .map(point -> new double[] {Double.parseDouble(point[0]), Double.parseDouble(point[1])})
                .toList();
    }

    @Test
    void shouldHaveAPlotForEachFigureWithACurveForEachContender() throws Exception {
        // given
        Map<String, Map<String, Histogram>> latencies = new LinkedHashMap<>();
        latencies.put("closed loop", Map.of("penstock", upTo(100_000), "kafka", upTo(900_000)));
        latencies.put("500/s", Map.of("penstock", upTo(2_000_000)));

        // when
        String page = PercentilePage.of("Latencies", latencies);

        // then
        assertThat(page)
                .startsWith("<!DOCTYPE html>")
                .contains("<title>Latencies</title>", "<h2>closed loop</h2>", "<h2>500/s</h2>")
                .endsWith("</html>\n");
        assertThat(plots(page)).hasSize(2);
        assertThat(all(plots(page).get(0), "polyline")).hasSize(2);
        assertThat(all(plots(page).get(0), "text"))
                .extracting(Element::getTextContent)
                .contains("penstock", "kafka", "0 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %");
        assertThat(all(plots(page).get(1), "polyline")).hasSize(1);
    }

    @Test
    void shouldGoToTheRightAndUpwardsInsideThePlot() throws Exception {
        Element plot = plots(page(Map.of("penstock", upTo(3_000_000)))).get(0);

        List<double[]> points = points(all(plot, "polyline").get(0));

        assertThat(points).hasSizeGreaterThan(90).allSatisfy(point -> {
            assertThat(point[0]).isBetween(60.0, 700.0);
            assertThat(point[1]).isBetween(10.0, 260.0);
        });
        assertThat(points).isSortedAccordingTo((a, b) -> Double.compare(a[0], b[0]));
        assertThat(points).isSortedAccordingTo((a, b) -> Double.compare(b[1], a[1]));
    }

    @Test
    void shouldHaveALineForEachDecadeOfMicroseconds() throws Exception {
        Element plot = plots(page(Map.of("penstock", upTo(3_000_000)))).get(0);

        assertThat(all(plot, "text"))
                .extracting(Element::getTextContent)
                .contains("1", "10", "100", "1000", "10000")
                .doesNotContain("100000");
    }

    @Test
    void shouldPlotWhatIsTheSameForAll() throws Exception {
        assertThat(plots(page(Map.of("penstock", upTo(1))))).hasSize(1);
    }

    @Test
    void shouldWriteNamesAsTheyAre() throws Exception {
        // given
        Map<String, Histogram> byContender = Map.of("R&D <1>", upTo(1_000));

        // when
        String page = PercentilePage.of("a < b", Map.of("p & c", byContender));

        // then
        assertThat(page).contains("<title>a &lt; b</title>", "<h1>a &lt; b</h1>", "<h2>p &amp; c</h2>");
        assertThat(all(plots(page).get(0), "text"))
                .extracting(Element::getTextContent)
                .contains("R&D <1>");
    }
}
