package io.penstock.core.group;

import io.penstock.core.group.streams.StreamsMember;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what happens when members leave a streams group, or are made to. Stateless. */
final class StreamsLeaves {
    private static final Logger LOGGER = LoggerFactory.getLogger(StreamsLeaves.class);

    private StreamsLeaves() {}

    /** A member says that it leaves; it may want all others to end with it. */
    static Step leave(
            CoordinatorShard shard,
            StreamsGroupHeartbeatRequestData request,
            Reply<StreamsHeartbeatAnswer> reply,
            Now now) {
        if (!(shard.group(request.groupId()) instanceof StreamsGroup group)) {
            return Step.answering(
                    reply, StreamsAnswers.refused(StreamsRefusals.noStreamsGroup(shard, request.groupId())));
        }
        StreamsMember member = group.member(request.memberId());
        if (member == null) {
            return Step.answering(
                    reply, StreamsAnswers.refused(StreamsRefusals.unknownMember(group, request.memberId())));
        }
        LOGGER.atInfo()
                .addKeyValue("groupId", LoggedText.of(group.groupId()))
                .addKeyValue("memberId", LoggedText.of(member.id()))
                .log("Member leaves the streams group");
        StreamsGroup left = request.shutdownApplication() ? group.withShutdownBy(member.id()) : group;
        return remove(shard, left, member, now).answer(reply, StreamsAnswers.left(request));
    }

    /** Removes a member; the group begins a new epoch. */
    static Step remove(CoordinatorShard shard, StreamsGroup group, StreamsMember member, Now now) {
        StreamsDraft draft = new StreamsDraft(shard, group, now);
        draft.removeMember(member.id());
        draft.beginEpoch(group.header().metadataHash(), group.header().validatedTopologyEpoch());
        return draft.finish();
    }
}
