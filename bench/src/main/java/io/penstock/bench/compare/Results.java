package io.penstock.bench.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What all rounds have measured: by figure and contender, one row of numbers for each round. Not for several threads. */
final class Results {
    private final Map<String, Map<String, List<double[]>>> rows = new LinkedHashMap<>();
    private final Map<String, Map<String, Histogram>> latencies = new LinkedHashMap<>();

    void add(String figure, String contender, double[] numbers) {
        rows.computeIfAbsent(figure, name -> new LinkedHashMap<>())
                .computeIfAbsent(contender, name -> new ArrayList<>())
                .add(numbers);
    }

    /** Adds one round's latencies to those of the rounds before. */
    void add(String figure, String contender, Histogram latencyNs) {
        Map<String, Histogram> known = latencies.computeIfAbsent(figure, name -> new LinkedHashMap<>());
        Histogram sum = known.get(contender);
        if (sum == null) {
            known.put(contender, latencyNs.copy());
        } else {
            sum.add(latencyNs);
        }
    }

    /** Median, least and most of one number. */
    Spread spread(String figure, String contender, int metric) {
        List<double[]> all = rows.getOrDefault(figure, Map.of()).getOrDefault(contender, List.of());
        return Spread.of(all.stream().mapToDouble(row -> row[metric]).toArray());
    }

    /** Latencies in nanoseconds of all rounds together, by figure and contender. */
    Map<String, Map<String, Histogram>> latencies() {
        return latencies;
    }

    /**
     * A number over all rounds.
     *
     * @param median {@link Double#NaN} if there was no round
     */
    record Spread(double median, double least, double most) {
        static Spread of(double[] values) {
            if (values.length == 0) {
                return new Spread(Double.NaN, Double.NaN, Double.NaN);
            }
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            int middle = sorted.length / 2;
            double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
            return new Spread(median, sorted[0], sorted[sorted.length - 1]);
        }
    }
}
