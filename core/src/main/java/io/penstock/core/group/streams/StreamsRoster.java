package io.penstock.core.group.streams;

import io.penstock.core.collection.PersistentMap;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The members of a streams group. Immutable. */
public final class StreamsRoster {
    public static final StreamsRoster EMPTY = new StreamsRoster(PersistentMap.empty(), 0);

    private static final int MEMBER_BYTES = 512;
    private static final int TASK_BYTES = 64;

    private final PersistentMap<String, StreamsMember> members;
    private final long sizeBytes;

    private StreamsRoster(PersistentMap<String, StreamsMember> members, long sizeBytes) {
        this.members = members;
        this.sizeBytes = sizeBytes;
    }

    /** All members, in no order. */
    public Collection<StreamsMember> members() {
        return members.values();
    }

    public int size() {
        return members.size();
    }

    public @Nullable StreamsMember member(String memberId) {
        return members.get(memberId);
    }

    /** Memory that members take, roughly. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** With a member in the place of the one with the same id, if there is one. */
    public StreamsRoster with(StreamsMember member) {
        return new StreamsRoster(
                members.plus(member.id(), member), sizeBytes - sizeBytes(members.get(member.id())) + sizeBytes(member));
    }

    public StreamsRoster without(String memberId) {
        return new StreamsRoster(members.minus(memberId), sizeBytes - sizeBytes(members.get(memberId)));
    }

    private static long sizeBytes(@Nullable StreamsMember member) {
        if (member == null) {
            return 0;
        }
        long bytes =
                (long) MEMBER_BYTES + member.id().length() + member.processId().length();
        bytes += (long) TASK_BYTES
                * (member.assigned().tasks().size()
                        + member.pendingRevocation().tasks().size());
        for (var tag : member.profile().clientTags().entrySet()) {
            bytes += tag.getKey().length() + tag.getValue().length();
        }
        return bytes;
    }
}
