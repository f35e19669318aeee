package io.penstock.core.group;

/** Where a consumer group is. It follows from the epochs of group, target and members; nobody sets it. */
enum ConsumerGroupState {
    EMPTY("Empty"),
    /** The target is older than the group. */
    ASSIGNING("Assigning"),
    /** Some members do not have yet what they are to have. */
    RECONCILING("Reconciling"),
    STABLE("Stable");

    private final String wireName;

    ConsumerGroupState(String wireName) {
        this.wireName = wireName;
    }

    /** The name that tools show. */
    String wireName() {
        return wireName;
    }
}
