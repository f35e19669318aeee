package io.penstock.core.group;

/** Where a streams group is. It follows from the epochs of group, topology, target and members; nobody sets it. */
enum StreamsGroupState {
    EMPTY("Empty"),
    /** Topics are missing or are not as they must be. */
    NOT_READY("NotReady"),
    /** The target is older than the group. */
    ASSIGNING("Assigning"),
    /** Some members do not have yet what they are to have. */
    RECONCILING("Reconciling"),
    STABLE("Stable");

    private final String wireName;

    StreamsGroupState(String wireName) {
        this.wireName = wireName;
    }

    /** The name that tools show. */
    String wireName() {
        return wireName;
    }
}
