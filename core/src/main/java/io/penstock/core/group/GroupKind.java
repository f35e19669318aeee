package io.penstock.core.group;

/** Which protocol the members of a group speak. */
public enum GroupKind {
    /** JoinGroup and SyncGroup: the members assign partitions among themselves. */
    CLASSIC("classic"),
    /** ConsumerGroupHeartbeat (KIP-848): the broker assigns partitions. */
    CONSUMER("consumer"),
    /** StreamsGroupHeartbeat (KIP-1071): the broker assigns tasks of a streams application. */
    STREAMS("streams");

    private final String wireName;

    GroupKind(String wireName) {
        this.wireName = wireName;
    }

    /** The name that ListGroups shows and filters by. */
    public String wireName() {
        return wireName;
    }
}
