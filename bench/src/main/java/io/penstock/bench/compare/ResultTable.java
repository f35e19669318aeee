package io.penstock.bench.compare;

import io.penstock.bench.compare.Results.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Results as a table in Markdown: medians, spread, ratio to Kafka, and whether the ratio is the one that was asked for. Stateless. */
final class ResultTable {
    private ResultTable() {}

    static String of(Results results, List<Figure> figures) {
        List<String> lines = new ArrayList<>(List.of(
                "| figure | | Penstock | Kafka | ratio | asked for | echo |",
                "| --- | --- | --- | --- | --- | --- | --- |"));
        for (Figure figure : figures) {
            lines.addAll(rows(results, figure.name(), figure.metrics()));
        }
        lines.addAll(rows(results, Comparison.START, Comparison.START_METRICS));
        return String.join("\n", lines) + "\n";
    }

    private static List<String> rows(Results results, String figure, List<Metric> metrics) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < metrics.size(); i++) {
            Metric metric = metrics.get(i);
            Spread ours = results.spread(figure, "penstock", i);
            Spread theirs = results.spread(figure, "kafka", i);
            Spread echo = results.spread(figure, "echo", i);
            rows.add("| " + (i == 0 ? figure : "") + " | " + metric.name() + " | " + text(ours) + " | " + text(theirs)
                    + " | " + ratio(ours, theirs) + " | " + asked(metric, ours.median() / theirs.median()) + " | "
                    + ratio(ours, echo) + " |");
        }
        return rows;
    }

    private static String text(Spread spread) {
        return Double.isNaN(spread.median())
                ? ""
                : number(spread.median()) + " (" + number(spread.least()) + "–" + number(spread.most()) + ")";
    }

    private static String ratio(Spread ours, Spread theirs) {
        double ratio = ours.median() / theirs.median();
        return Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "%.2f", ratio);
    }

    private static String asked(Metric metric, double ratio) {
        if (!metric.hasLimit()) {
            return "";
        }
        String limit = (metric.isMoreBetter() ? "≥ " : "≤ ") + metric.limit();
        return Double.isNaN(ratio) ? limit : limit + (metric.holds(ratio) ? "" : " **missed**");
    }

    private static String number(double value) {
        int digits = value >= 1_000 ? 0 : value >= 10 ? 1 : 3;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
