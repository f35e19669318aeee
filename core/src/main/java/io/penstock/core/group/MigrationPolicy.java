package io.penstock.core.group;

import java.util.Locale;

/** Which groups with members may change from one protocol to the other ({@code group.consumer.migration.policy}). Empty ones always may. */
public enum MigrationPolicy {
    DISABLED,
    /** From classic to consumer, when the first member of the consumer protocol joins. */
    UPGRADE,
    /** From consumer to classic, when the last member of the consumer protocol leaves. */
    DOWNGRADE,
    BIDIRECTIONAL;

    /** The policy of a name, in any case. */
    public static MigrationPolicy of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    boolean allowsUpgrade() {
        return this == UPGRADE || this == BIDIRECTIONAL;
    }

    boolean allowsDowngrade() {
        return this == DOWNGRADE || this == BIDIRECTIONAL;
    }
}
