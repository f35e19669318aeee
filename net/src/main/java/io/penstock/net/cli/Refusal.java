package io.penstock.net.cli;

import java.util.List;

/**
 * Why the process does not start, in words for the person who started it.
 *
 * @param what one line without a full stop: {@code port 9092 of localhost is in use}
 * @param details name and value pairs, each for a line of its own: the key, its value, the rule
 * @param remedy what to do about it, one line
 */
public record Refusal(ExitCode exitCode, String what, List<Detail> details, String remedy) {

    /** One named fact. */
    public record Detail(String name, String value) {}

    public Refusal {
        details = List.copyOf(details);
    }

    /** The block that a terminal shows. */
    public String block() {
        StringBuilder block = new StringBuilder("penstock: ").append(what).append(System.lineSeparator());
        details.forEach(detail -> appendLine(block, detail.name(), detail.value()));
        appendLine(block, "what to do", remedy);
        return block.toString();
    }

    private static void appendLine(StringBuilder block, String name, String value) {
        block.append(String.format("  %-11s %s%n", name, value));
    }
}
