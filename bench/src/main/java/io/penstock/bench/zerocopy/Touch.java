package io.penstock.bench.zerocopy;

/** Whether the process has used the pages of a segment before. */
enum Touch {
    /** For a fetch: in memory, but in a mapping that is new. For an append: a part of the file that was never written. */
    FIRST("first touch"),
    /** In memory, mapped, and written or read by the pass before. */
    AGAIN("again");

    private final String label;

    Touch(String label) {
        this.label = label;
    }

    /** As in tables. */
    String label() {
        return label;
    }
}
