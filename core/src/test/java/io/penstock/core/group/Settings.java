package io.penstock.core.group;

/** {@link GroupSettings#DEFAULT} with one thing changed. */
final class Settings {
    private static final GroupSettings BASE = GroupSettings.DEFAULT;

    private Settings() {}

    static GroupSettings withInitialDelayMs(int delayMs) {
        return of(
                delayMs,
                BASE.maxMembers(),
                BASE.offsetsRetentionMs(),
                BASE.maxMemberBytes(),
                BASE.maxWaitingCommands());
    }

    static GroupSettings withMaxMembers(int maxMembers) {
        return of(0, maxMembers, BASE.offsetsRetentionMs(), BASE.maxMemberBytes(), BASE.maxWaitingCommands());
    }

    static GroupSettings withMaxMemberBytes(long bytes) {
        return of(0, BASE.maxMembers(), BASE.offsetsRetentionMs(), bytes, BASE.maxWaitingCommands());
    }

    static GroupSettings withRetentionMs(long retentionMs) {
        return of(0, BASE.maxMembers(), retentionMs, BASE.maxMemberBytes(), BASE.maxWaitingCommands());
    }

    static GroupSettings withMaxWaitingCommands(int count) {
        return of(0, BASE.maxMembers(), BASE.offsetsRetentionMs(), BASE.maxMemberBytes(), count);
    }

    private static GroupSettings of(
            int initialDelayMs, int maxMembers, long retentionMs, long maxMemberBytes, int maxWaitingCommands) {
        return new GroupSettings(
                BASE.minSessionTimeoutMs(),
                BASE.maxSessionTimeoutMs(),
                initialDelayMs,
                maxMembers,
                retentionMs,
                BASE.offsetsCheckIntervalMs(),
                BASE.offsetMetadataMaxChars(),
                maxMemberBytes,
                maxWaitingCommands);
    }
}
