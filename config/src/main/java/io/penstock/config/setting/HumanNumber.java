package io.penstock.config.setting;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code 7d} and {@code 1GiB} only to tell the user which number to write: Kafka's property files take plain
 * numbers, and a file that works here must work there.
 */
final class HumanNumber {

    private static final Pattern FORM = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?)\\s*([a-z]{1,7})");

    private static final Map<String, Long> MILLISECONDS = Map.ofEntries(
            Map.entry("ms", 1L),
            Map.entry("s", 1_000L),
            Map.entry("sec", 1_000L),
            Map.entry("m", 60_000L),
            Map.entry("min", 60_000L),
            Map.entry("minutes", 60_000L),
            Map.entry("h", 3_600_000L),
            Map.entry("hours", 3_600_000L),
            Map.entry("d", 86_400_000L),
            Map.entry("days", 86_400_000L),
            Map.entry("w", 604_800_000L));

    private static final Map<String, Long> BYTES = Map.ofEntries(
            Map.entry("b", 1L),
            Map.entry("k", 1L << 10),
            Map.entry("kb", 1L << 10),
            Map.entry("kib", 1L << 10),
            Map.entry("m", 1L << 20),
            Map.entry("mb", 1L << 20),
            Map.entry("mib", 1L << 20),
            Map.entry("g", 1L << 30),
            Map.entry("gb", 1L << 30),
            Map.entry("gib", 1L << 30),
            Map.entry("t", 1L << 40),
            Map.entry("tb", 1L << 40),
            Map.entry("tib", 1L << 40));

    private HumanNumber() {}

    /**
     * The plain number that {@code text} probably stands for in the unit of {@code key}, if it is such a form at all.
     */
    static Optional<String> suggestion(String key, ValueType type, String text) {
        Matcher form = FORM.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (!type.isNumber() || !form.matches()) {
            return Optional.empty();
        }
        boolean isSize = key.contains("bytes") || key.contains("size");
        Long factor = (isSize ? BYTES : MILLISECONDS).get(form.group(2));
        if (factor == null) {
            return Optional.empty();
        }
        BigDecimal amount = new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(factor));
        return whole(amount, isSize ? 1 : unitMs(key));
    }

    private static Optional<String> whole(BigDecimal amount, long unit) {
        BigDecimal[] parts = amount.divideAndRemainder(BigDecimal.valueOf(unit));
        return parts[1].signum() == 0 ? Optional.of(parts[0].toBigInteger().toString()) : Optional.empty();
    }

    private static long unitMs(String key) {
        if (key.endsWith(".hours")) {
            return 3_600_000L;
        }
        if (key.endsWith(".minutes")) {
            return 60_000L;
        }
        return key.endsWith(".seconds") || key.endsWith(".secs") ? 1_000L : 1L;
    }
}
