package io.penstock.core.group.pattern;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reckons how large a pattern becomes when it is compiled: repetitions with a count are written out, so {@code ((a{99}){99}){99}} is a
 * million steps. Does not check the syntax, and rather reckons too much than too little. Owned by one call.
 */
final class PatternSize {
    /** Most steps of a compiled pattern: 5,000 letters, say. */
    static final int MAX_STEPS = 5_000;
    /** Deepest nesting; RE2/J uses the stack for it. */
    static final int MAX_DEPTH = 200;

    /** A count that is too large for RE2/J itself. */
    private static final int TOO_OFTEN = 1_001;

    private final String text;
    private int next;
    /** Steps of the group that is being read, and of its last part, which a repetition repeats. */
    private long steps;

    private long lastSteps;
    /** Steps read so far of the groups around it. */
    private final Deque<Long> outer = new ArrayDeque<>();

    private PatternSize(String text) {
        this.text = text;
    }

    /** What is too large about a pattern; null if nothing is. */
    static @Nullable String excess(String text) {
        return new PatternSize(text).excess();
    }

    private @Nullable String excess() {
        while (next < text.length()) {
            readPart();
            if (steps > MAX_STEPS) {
                return "expected a pattern of at most " + MAX_STEPS + " steps once its repetitions are written out";
            }
            if (outer.size() > MAX_DEPTH) {
                return "expected groups nested at most " + MAX_DEPTH + " deep";
            }
        }
        return outer.stream().mapToLong(Long::longValue).sum() + steps > MAX_STEPS
                ? "expected a pattern of at most " + MAX_STEPS + " steps"
                : null;
    }

    private void readPart() {
        char current = text.charAt(next);
        switch (current) {
            case '(' -> open();
            case ')' -> close();
            case '[' -> readClass();
            case '\\' -> readEscape();
            case '{' -> readCount();
            case '*', '+', '?' -> {
                lastSteps += 2;
                steps += 2;
                next++;
            }
            default -> add(next + 1);
        }
    }

    /** A part of one step, up to an index. */
    private void add(int end) {
        // a letter in either case, or any of a class, is one step; the margin is for what joins them
        lastSteps = current(end) == '|' ? 2 : 1;
        steps += lastSteps;
        next = Math.min(end, text.length());
    }

    private char current(int end) {
        return end == next + 1 ? text.charAt(next) : ' ';
    }

    private void open() {
        outer.push(steps);
        steps = 2;
        lastSteps = 0;
        next++;
    }

    private void close() {
        lastSteps = steps;
        steps += outer.isEmpty() ? 0 : outer.pop();
        next++;
    }

    private void readClass() {
        int end = next + 1;
        if (end < text.length() && text.charAt(end) == '^') {
            end++;
        }
        if (end < text.length() && text.charAt(end) == ']') {
            end++;
        }
        while (end < text.length() && text.charAt(end) != ']') {
            if (text.startsWith("[:", end) && text.indexOf(":]", end) >= 0) {
                end = text.indexOf(":]", end) + 2;
            } else {
                end += text.charAt(end) == '\\' ? 2 : 1;
            }
        }
        add(end + 1);
    }

    private void readEscape() {
        char kind = next + 1 < text.length() ? text.charAt(next + 1) : ' ';
        int end = next + 2;
        if (kind == 'Q') {
            readQuote(end);
        } else if ((kind == 'p' || kind == 'P' || kind == 'x') && text.startsWith("{", end)) {
            int close = text.indexOf('}', end);
            add(close < 0 ? end : close + 1);
        } else {
            add(end);
        }
    }

    private void readQuote(int begin) {
        int end = text.indexOf("\\E", begin);
        int length = (end < 0 ? text.length() : end) - begin;
        lastSteps = length > 0 ? 1 : 0;
        steps += length;
        next = end < 0 ? text.length() : end + 2;
    }

    /** {@code {2}}, {@code {2,}} or {@code {2,5}}: the last part as many times; anything else is a letter. */
    private void readCount() {
        int end = text.indexOf('}', next);
        int times = end < 0 ? 0 : times(text.substring(next + 1, end));
        if (times == 0) {
            add(next + 1);
        } else {
            long whole = (lastSteps + 2) * times;
            steps += whole - lastSteps;
            lastSteps = whole;
            next = end + 1;
        }
    }

    /** How often a part is written out, at least once; 0 if this is no count. */
    private static int times(String count) {
        int comma = count.indexOf(',');
        String least = comma < 0 ? count : count.substring(0, comma);
        String most = comma < 0 ? "" : count.substring(comma + 1);
        if (!isNumber(least) || !(most.isEmpty() || isNumber(most))) {
            return 0;
        }
        return Math.max(1, Math.max(number(least) + (comma < 0 ? 0 : 1), most.isEmpty() ? 0 : number(most)));
    }

    private static boolean isNumber(String digits) {
        return !digits.isEmpty() && digits.chars().allMatch(digit -> digit >= '0' && digit <= '9');
    }

    private static int number(String digits) {
        return digits.length() > 4 ? TOO_OFTEN : Math.min(TOO_OFTEN, Integer.parseInt(digits));
    }
}
