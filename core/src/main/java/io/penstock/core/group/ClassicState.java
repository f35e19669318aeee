package io.penstock.core.group;

/**
 * Where a classic group is in its rebalance.
 *
 * <pre>
 *             first member joins               all have joined,            leader has assigned
 *   EMPTY ───────────────────────► PREPARING ─────────────────► COMPLETING ──────────────────► STABLE
 *     ▲                            │   ▲  ▲     or time is up     │   │                           │
 *     └────────────────────────────┘   │  └───────────────────────┘   │  member joins, leaves,    │
 *        nobody is left                └──────────────────────────────┴─ is lost or changes ──────┘
 * </pre>
 */
enum ClassicState {
    EMPTY("Empty"),
    PREPARING_REBALANCE("PreparingRebalance"),
    COMPLETING_REBALANCE("CompletingRebalance"),
    STABLE("Stable");

    /** How a group that does not exist is described. */
    static final String DEAD_NAME = "Dead";

    private final String wireName;

    ClassicState(String wireName) {
        this.wireName = wireName;
    }

    /** The name that tools show. */
    String wireName() {
        return wireName;
    }
}
