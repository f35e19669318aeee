package io.penstock.core.group;

import io.penstock.core.group.consumer.ConsumerMember;
import io.penstock.core.group.record.ConsumerGroupMemberRecord.ClassicMetadata;
import io.penstock.core.group.record.GroupRecord;
import io.penstock.core.group.record.OpaqueBytes;
import io.penstock.core.group.record.PartitionSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a consumer group back into a classic one, when the last member of the consumer protocol goes and members of the classic
 * protocol remain. The group epoch becomes the generation, the target becomes what they are assigned. Stateless.
 */
final class ConsumerDowngrade {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConsumerDowngrade.class);

    private ConsumerDowngrade() {}

    /** Whether nobody of the consumer protocol remains when those members have gone, and the group may go back. */
    static boolean isDueWithout(CoordinatorShard shard, ConsumerGroup group, Collection<ConsumerMember> leaving) {
        long leavingClassic = leaving.stream().filter(ConsumerMember::isClassic).count();
        int remaining = group.roster().size() - leaving.size();
        boolean areOthersClassic = group.roster().classicCount() - leavingClassic == remaining;
        return areOthersClassic && remaining > 0 && isAllowed(shard, group, remaining);
    }

    /** Whether a static member of the consumer protocol was the last one, and its place is taken by one of the classic protocol. */
    static boolean isDueReplacing(CoordinatorShard shard, ConsumerGroup group, @Nullable ConsumerMember replaced) {
        return replaced != null
                && !replaced.isClassic()
                && group.roster().classicCount() == group.roster().size() - 1
                && isAllowed(shard, group, group.roster().size());
    }

    private static boolean isAllowed(CoordinatorShard shard, ConsumerGroup group, int memberCount) {
        boolean isAllowed =
                shard.consumerSettings(group.groupId()).migrationPolicy().allowsDowngrade()
                        && memberCount <= shard.settings().maxMembers();
        if (!isAllowed) {
            LOGGER.atInfo()
                    .addKeyValue("groupId", LoggedText.of(group.groupId()))
                    .log(
                            "A consumer group of classic members stays one: the policy or the size does not allow a downgrade");
        }
        return isAllowed;
    }

    /** The group without members that leave; those who remain have to join again. Null if what they say cannot be read. */
    static @Nullable Step without(
            CoordinatorShard shard, ConsumerGroup group, Collection<ConsumerMember> leaving, Now now) {
        List<ConsumerMember> remaining = new ArrayList<>(group.roster().members());
        remaining.removeAll(leaving);
        Step step = convert(shard, group, group, remaining, "the last member of the consumer protocol leaves", now);
        if (step != null) {
            leaving.forEach(member -> ConsumerTimeouts.cancelAll(step, group.groupId(), member.id()));
        }
        return step;
    }

    /**
     * The group as it is in a draft, in which a member of the classic protocol has taken the last place of the other one.
     *
     * @param before the group as the log has it
     */
    static @Nullable Step replacing(ConsumerDraft draft, ConsumerGroup before) {
        ConsumerGroup group = draft.group();
        boolean isStale = group.targets().epoch() < group.epoch();
        return convert(
                draft.shard(),
                before,
                group,
                List.copyOf(group.roster().members()),
                isStale ? "the last member of the consumer protocol was replaced" : null,
                draft.now());
    }

    private static @Nullable Step convert(
            CoordinatorShard shard,
            ConsumerGroup before,
            ConsumerGroup group,
            List<ConsumerMember> members,
            @Nullable String rebalanceReason,
            Now now) {
        List<ClassicMember> classic = new ArrayList<>();
        for (ConsumerMember member : members) {
            ClassicMetadata metadata = member.classic();
            if (metadata == null) {
                throw new IllegalStateException("expected member " + member.id() + " to speak the classic protocol");
            }
            classic.add(convert(member, metadata));
        }
        ClassicGroup settled = ClassicGroup.settled(group.groupId(), group.epoch(), classic, now.wallMs());
        for (ClassicMember member : classic) {
            PartitionSet target = group.targets().of(member.id());
            OpaqueBytes subscription = member.metadata(settled.protocol());
            if (EmbeddedProtocol.subscription(subscription) == null) {
                return null;
            }
            settled.update(member.withAssignment(EmbeddedProtocol.assignment(target, shard.topics(), subscription)));
        }
        return step(shard, before, settled, rebalanceReason, now);
    }

    private static Step step(
            CoordinatorShard shard, ConsumerGroup before, ClassicGroup settled, @Nullable String reason, Now now) {
        List<GroupRecord> records = new ArrayList<>(before.tombstones());
        records.add(settled.toRecord());
        ClassicDraft draft = new ClassicDraft(settled, shard.settings(), now);
        draft.step().prepend(records);
        for (ClassicMember member : settled.members()) {
            ConsumerTimeouts.cancelAll(draft.step(), settled.groupId(), member.id());
            draft.expect(member);
        }
        if (reason != null) {
            draft.rebalance(reason);
        }
        LOGGER.atInfo()
                .addKeyValue("groupId", LoggedText.of(settled.groupId()))
                .addKeyValue("members", settled.roster().size())
                .log("A consumer group becomes a classic group");
        return draft.step();
    }

    private static ClassicMember convert(ConsumerMember member, ClassicMetadata metadata) {
        return new ClassicMember(
                member.id(),
                member.instanceId(),
                member.profile().clientId(),
                member.profile().clientHost(),
                member.profile().rebalanceTimeoutMs(),
                metadata.sessionTimeoutMs(),
                ClassicGroup.CONSUMER_PROTOCOL,
                metadata.supportedProtocols().stream()
                        .map(protocol -> new MemberProtocol(protocol.name(), protocol.metadata()))
                        .toList(),
                OpaqueBytes.EMPTY,
                null,
                null,
                false);
    }
}
