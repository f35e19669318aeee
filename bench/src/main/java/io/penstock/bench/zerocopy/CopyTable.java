package io.penstock.bench.zerocopy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Figures as one table in Markdown, and what the copies are that were counted. Stateless. */
final class CopyTable {
    private CopyTable() {}

    static String of(List<CopyFigure> figures) {
        StringBuilder table = new StringBuilder("""
                | | batch B | path | pages | copies per byte | MB/s | CPU ns/KB | receiver's CPU ns/KB | faults/MB |
                | --- | ---: | --- | --- | ---: | ---: | ---: | ---: | ---: |
                """);
        Map<String, String> steps = new LinkedHashMap<>();
        for (CopyFigure figure : figures) {
            table.append(row(figure));
            CopyFigure.Subject subject = figure.subject();
            steps.put(subject.direction() + ", " + subject.path(), subject.steps());
        }
        table.append("\nCopies, by path:\n\n");
        steps.forEach((path, copies) -> table.append("* ")
                .append(path)
                .append(": ")
                .append(copies.isEmpty() ? "none before the receiver's" : copies)
                .append('\n'));
        return table.toString();
    }

    private static String row(CopyFigure figure) {
        CopyFigure.Subject subject = figure.subject();
        boolean isReceived = figure.receiverCpuNs() > 0;
        return String.format(
                Locale.ROOT,
                "| %s | %,d | %s | %s | %d | %.0f | %.0f | %s | %.1f |%n",
                subject.direction(),
                subject.batchBytes(),
                subject.path(),
                subject.touch().label(),
                subject.copies(),
                figure.megabytesPerSecond(),
                figure.cpuNsPerKilobyte(),
                isReceived ? String.format(Locale.ROOT, "%.0f", figure.receiverCpuNsPerKilobyte()) : "",
                figure.faultsPerMegabyte());
    }
}
