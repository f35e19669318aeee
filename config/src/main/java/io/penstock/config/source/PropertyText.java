package io.penstock.config.source;

import io.penstock.config.setting.ConfigException;
import io.penstock.config.setting.Problem;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Reads Java property text and keeps the line number of every entry, which {@link Properties} forgets. Only the
 * division into logical lines is done here; each of them is then decoded by {@link Properties} itself.
 */
final class PropertyText {

    private final String name;
    private final Map<String, SourcedValue> values = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    PropertyText(String name) {
        this.name = name;
    }

    Map<String, SourcedValue> parse(String text) {
        List<String> lines = text.lines().toList();
        int next = 0;
        while (next < lines.size()) {
            int first = next++;
            if (isEntry(lines.get(first))) {
                StringBuilder logical = new StringBuilder(lines.get(first));
                while (next < lines.size() && endsOpen(lines.get(next - 1))) {
                    logical.append('\n').append(lines.get(next++));
                }
                add(logical.toString(), first + 1);
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return values;
    }

    private void add(String logicalLine, int lineNumber) {
        String place = "in " + name + " line " + lineNumber;
        try {
            Properties entry = new Properties();
            entry.load(new StringReader(logicalLine));
            entry.remove("", ""); // all that is left of a lone backslash
            for (String key : entry.stringPropertyNames()) {
                values.remove(key); // so that the order is that of the values that count
                values.put(key, new SourcedValue(entry.getProperty(key, ""), place));
            }
        } catch (IllegalArgumentException malformedEscape) {
            problems.add(Problem.of(name + " line " + lineNumber, logicalLine, "\\u followed by four hex digits"));
        } catch (IOException impossible) {
            throw new UncheckedIOException("a string cannot fail to be read", impossible);
        }
    }

    /** Whether an entry begins on this line: it is neither blank nor a comment. */
    private static boolean isEntry(String line) {
        int start = 0;
        while (start < line.length() && isBlank(line.charAt(start))) {
            start++;
        }
        return start < line.length() && line.charAt(start) != '#' && line.charAt(start) != '!';
    }

    private static boolean isBlank(char character) {
        return character == ' ' || character == '\t' || character == '\f';
    }

    /** Whether the entry goes on in the next line: it ends with an odd number of backslashes. */
    private static boolean endsOpen(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == '\\') {
            end--;
        }
        return (line.length() - end) % 2 == 1;
    }
}
