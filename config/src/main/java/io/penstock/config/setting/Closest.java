package io.penstock.config.setting;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the name a typist meant, by edit distance (insert, delete, replace, swap of neighbours cost one each). */
final class Closest {

    /** Longer input is not a misspelt key; refusing it bounds the work. */
    private static final int MAX_LENGTH = 200;

    private Closest() {}

    /** The nearest candidate within a fifth of the name's length (at least two edits); the first one on a tie. */
    static Optional<String> to(String name, List<String> candidates) {
        if (name.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String wanted = normal(name);
        int best = Math.max(2, name.length() / 5) + 1;
        String found = null;
        for (String candidate : candidates) {
            if (Math.abs(candidate.length() - name.length()) < best) {
                int distance = distance(wanted, normal(candidate));
                if (distance < best) {
                    best = distance;
                    found = candidate;
                }
            }
        }
        return Optional.ofNullable(found);
    }

    private static String normal(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '.').replace('-', '.');
    }

    /** Optimal string alignment distance, three rows at a time. */
    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] recycled = beforeLast;
            beforeLast = last;
            last = row;
            row = recycled;
        }
        return last[b.length()];
    }
}
