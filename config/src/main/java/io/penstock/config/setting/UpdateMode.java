package io.penstock.config.setting;

/**
 * Whether and at which level a broker setting may change while the broker runs. The names are those of Kafka's
 * documentation.
 */
public enum UpdateMode {
    /** Only at start. */
    READ_ONLY("read-only"),
    /** At run time, for one broker at a time. */
    PER_BROKER("per-broker"),
    /** At run time, for one broker or as the default of all. */
    CLUSTER_WIDE("cluster-wide");

    private final String label;

    UpdateMode(String label) {
        this.label = label;
    }

    /** As written in tables: {@code cluster-wide}. */
    public String label() {
        return label;
    }

    public boolean isDynamic() {
        return this != READ_ONLY;
    }
}
