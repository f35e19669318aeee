package io.penstock.bench.compare;

import io.penstock.bench.compare.Results.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Curves as one table in Markdown: a row for each point and broker, and one for the ratio of the first to the second. Stateless. */
final class CurveTable {
    private CurveTable() {}

    /**
     * Medians of all rounds.
     *
     * @param brokers names, ours first; without a second there is no ratio
     */
    static String of(Results results, List<Figure> points, List<String> brokers) {
        List<String> lines = new ArrayList<>();
        for (Figure point : points) {
            if (lines.isEmpty()) {
                lines.addAll(head(point.metrics()));
            }
            for (String broker : brokers) {
                String load = broker.equals(brokers.get(0)) ? point.name() : "";
                lines.add(row(load, broker, numbers(results, point, broker)));
            }
            if (brokers.size() > 1) {
                lines.add(row("", "ratio", ratios(results, point, brokers)));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static List<String> head(List<Metric> metrics) {
        List<String> names = metrics.stream().map(Metric::name).toList();
        return List.of(row("", "", names), "| --- | --- |" + " ---: |".repeat(metrics.size()));
    }

    private static List<String> numbers(Results results, Figure point, String broker) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < point.metrics().size(); i++) {
            cells.add(text(results.spread(point.name(), broker, i)));
        }
        return cells;
    }

    private static List<String> ratios(Results results, Figure point, List<String> brokers) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < point.metrics().size(); i++) {
            double ours = results.spread(point.name(), brokers.get(0), i).median();
            double theirs = results.spread(point.name(), brokers.get(1), i).median();
            double ratio = ours / theirs;
            cells.add(Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "%.2f", ratio));
        }
        return cells;
    }

    private static String text(Spread spread) {
        double median = spread.median();
        return Double.isNaN(median) ? "" : String.format(Locale.ROOT, median >= 100 ? "%,.0f" : "%.2f", median);
    }

    private static String row(String load, String broker, List<String> cells) {
        return "| " + load + " | " + broker + " | " + String.join(" | ", cells) + " |";
    }
}
