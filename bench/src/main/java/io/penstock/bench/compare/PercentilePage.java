package io.penstock.bench.compare;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Latencies by percentile as one HTML page that needs nothing else: a plot for each figure, both axes logarithmic. Stateless. */
final class PercentilePage {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 320;
    private static final int MARGIN = 60;
    private static final double MAX_NINES = 5;
    private static final List<String> COLORS = List.of("#0b6e4f", "#c1440e", "#5b5f97", "#8d6a9f");

    private PercentilePage() {}

    static String of(String title, Map<String, Map<String, Histogram>> latencies) {
        StringBuilder page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>")
                .append(text(title))
                .append("</title>\n<style>body{font-family:sans-serif;max-width:800px;margin:2em auto}"
                        + "text{font-size:12px;fill:#333}line{stroke:#ddd}</style>\n<h1>")
                .append(text(title))
                .append("</h1>\n<p>Latency in microseconds that this part of all requests did not exceed.</p>\n");
        latencies.forEach((figure, byContender) -> page.append(plot(figure, byContender)));
        return page.append("</html>\n").toString();
    }

    private static String text(String name) {
        return name.replace("&", "&amp;").replace("<", "&lt;");
    }

    private static String plot(String figure, Map<String, Histogram> byContender) {
        double least = byContender.values().stream()
                .mapToDouble(one -> Math.max(1, one.getValueAtPercentile(0.1)))
                .min()
                .orElse(1);
        double most = byContender.values().stream()
                .mapToDouble(one -> Math.max(2, one.getMaxValue()))
                .max()
                .orElse(2);
        Axis y = Axis.of(least / 1e3, most / 1e3);
        StringBuilder svg = new StringBuilder("<h2>")
                .append(text(figure))
                .append("</h2>\n<svg viewBox=\"0 0 ")
                .append(WIDTH)
                .append(' ')
                .append(HEIGHT)
                .append("\" role=\"img\">\n");
        for (int nines = 0; nines <= MAX_NINES; nines++) {
            svg.append(vertical(x(nines), nines == 0 ? "0 %" : percent(nines)));
        }
        for (int decade = y.first(); decade <= y.last(); decade++) {
            svg.append(horizontal(y.at(Math.pow(10, decade)), label(Math.pow(10, decade))));
        }
        int index = 0;
        for (Map.Entry<String, Histogram> one : byContender.entrySet()) {
            String color = COLORS.get(index % COLORS.size());
            svg.append(curve(one.getValue(), y, color));
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" style=\"fill:%s;font-weight:bold\">%s</text>%n",
                    MARGIN + 10,
                    20 + 16 * index++,
                    color,
                    text(one.getKey())));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String curve(Histogram latencyNs, Axis y, String color) {
        StringBuilder points = new StringBuilder();
        for (double nines = 0; nines <= MAX_NINES; nines += 0.05) {
            double percentile = 100 * (1 - Math.pow(10, -nines));
            double micros = Math.max(1, latencyNs.getValueAtPercentile(percentile)) / 1e3;
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(nines), y.at(micros)));
        }
        return "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"" + color + "\" points=\"" + points + "\"/>\n";
    }

    private static double x(double nines) {
        return MARGIN + nines / MAX_NINES * (WIDTH - 2.0 * MARGIN);
    }

    private static String percent(int nines) {
        return nines == 1 ? "90 %" : "99" + (nines == 2 ? "" : "." + "9".repeat(nines - 2)) + " %";
    }

    private static String label(double micros) {
        return micros >= 1 ? String.format(Locale.ROOT, "%.0f", micros) : Double.toString(micros);
    }

    private static String vertical(double x, String label) {
        return String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"10\" y2=\"%d\"/><text x=\"%.1f\" y=\"%d\""
                        + " text-anchor=\"middle\">%s</text>%n",
                x,
                x,
                HEIGHT - MARGIN,
                x,
                HEIGHT - MARGIN + 18,
                label);
    }

    private static String horizontal(double y, String label) {
        return String.format(
                Locale.ROOT,
                "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/><text x=\"%d\" y=\"%.1f\""
                        + " text-anchor=\"end\">%s</text>%n",
                MARGIN,
                WIDTH - MARGIN,
                y,
                y,
                MARGIN - 6,
                y + 4,
                label);
    }

    /** Whole decades of microseconds, from bottom to top. */
    private record Axis(int first, int last) {
        static Axis of(double least, double most) {
            int first = (int) Math.floor(Math.log10(least));
            return new Axis(first, Math.max(first + 1, (int) Math.ceil(Math.log10(most))));
        }

        double at(double micros) {
            double part = (Math.log10(micros) - first) / (last - first);
            return HEIGHT - MARGIN - Math.max(0, Math.min(1, part)) * (HEIGHT - MARGIN - 10.0);
        }
    }
}
