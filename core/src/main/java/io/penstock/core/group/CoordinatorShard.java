package io.penstock.core.group;

import io.penstock.core.group.WriteQueue.Unwritten;
import io.penstock.core.group.WriteQueue.UnwrittenEnd;
import io.penstock.core.group.WriteQueue.UnwrittenStep;
import io.penstock.core.group.consumer.TopicCatalog;
import io.penstock.core.group.consumer.TopicsHash;
import io.penstock.core.group.record.GroupLogEntry;
import io.penstock.core.group.record.GroupRecord;
import io.penstock.core.group.record.OffsetRecord;
import io.penstock.core.group.record.TransactionEnd;
import io.penstock.core.group.record.UnstorableRecordException;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The groups of one partition of {@code __consumer_offsets}. Pure: the owner brings commands and time, and writes the records.
 *
 * <pre>
 * submit ──► decide ──► records? ──no──► carry out: replay, put the group, set deadlines, answer
 *              ▲            │ yes
 *              │            ▼
 *              │     {@link #nextBatch} ──► owner writes ──► {@link #onWritten}   ──► carry out
 *              │                                  └────► {@link #onUnwritten} ──► refuse; nothing has changed
 *              └── commands about a group wait while records about it are being written
 * </pre>
 *
 * <p>So all state is state that is in the log, and whatever an answer tells is there to stay. Commands of many groups, and commits
 * of one group, share a batch; what belongs to a transaction has one of its own. Owned by one {@code CoordinatorVerticle}.
 */
public final class CoordinatorShard implements LoggedShard<GroupLogEntry> {
    private static final Logger LOGGER = LoggerFactory.getLogger(CoordinatorShard.class);
    private static final long RETRY_MS = 1_000;
    /** Deadlines met in one turn; the owner comes back for the rest. */
    private static final int MAX_DEADLINES_PER_TURN = 1_000;

    private final GroupSettings settings;
    private final ClassicProtocol classic;
    private final MemberIds memberIds;
    private final GroupSurroundings surroundings;
    private final TopicSearches searches;
    private TopicCatalog topics = TopicCatalog.EMPTY;

    private final GroupStore store = new GroupStore();
    private final Deadlines<TimerKey, GroupCommand> deadlines = new Deadlines<>();
    private final AgeClock ageClock = new AgeClock();

    private final Lanes lanes;
    private final WriteQueue queue = new WriteQueue();
    private final OffsetTransactions transactions;
    private int maxBatchBytes;
    private long retries;

    /**
     * A shard that knows nothing: {@link #replay} the log, then {@link #onLoaded}.
     *
     * @param memberIds makes the random part of member ids
     * @param maxBatchBytes most bytes of records that can be written at once
     */
    public CoordinatorShard(GroupSettings settings, MemberIds memberIds, int maxBatchBytes) {
        this(settings, memberIds, maxBatchBytes, GroupSurroundings.NONE);
    }

    /**
     * A shard that knows nothing.
     *
     * @param surroundings what groups of consumers need beyond the log
     */
    public CoordinatorShard(
            GroupSettings settings, MemberIds memberIds, int maxBatchBytes, GroupSurroundings surroundings) {
        this.settings = settings;
        this.memberIds = memberIds;
        this.surroundings = surroundings;
        this.searches = new TopicSearches(surroundings.patterns());
        this.maxBatchBytes = maxBatchBytes;
        this.classic = new ClassicProtocol(settings, memberIds);
        this.lanes = new Lanes(settings.maxWaitingCommands());
        this.transactions =
                new OffsetTransactions(this, store.offsets().pending(), queue, settings.maxWaitingCommands());
    }

    /**
     * The cluster's topics have changed; groups follow at their members' next heartbeats.
     *
     * @param hasNewOnes whether there is a topic that was not there before
     */
    public void onTopics(TopicCatalog newTopics, boolean hasNewOnes) {
        topics = newTopics;
        if (hasNewOnes) {
            searches.onNewTopics(newTopics.version());
        }
    }

    /** The topic's largest batch has changed. */
    @Override
    public void onMaxBatchBytes(int bytes) {
        maxBatchBytes = bytes;
    }

    // ---- state, for decisions

    GroupSettings settings() {
        return settings;
    }

    /** What counts for one consumer group. */
    ConsumerGroupSettings consumerSettings(String groupId) {
        return settings.consumer().with(surroundings.configs().apply(groupId));
    }

    /** What counts for one streams group. */
    StreamsGroupSettings streamsSettings(String groupId) {
        return settings.streams().with(surroundings.configs().apply(groupId));
    }

    /** The cluster's topics, as they were told last. */
    TopicCatalog topics() {
        return topics;
    }

    TopicSearches searches() {
        return searches;
    }

    /** What the topics that a group reads come to now. */
    long topicsHash(ConsumerGroup group) {
        return TopicsHash.of(group.subscriptions().topics(), topics);
    }

    String newMemberId() {
        return memberIds.next();
    }

    ClassicProtocol classic() {
        return classic;
    }

    @Nullable
    Group group(String groupId) {
        return store.find(groupId);
    }

    /** All groups, in no order; not to be changed. */
    public Collection<Group> groups() {
        return store.all();
    }

    /** Ids of all groups; a copy. */
    public List<String> groupIds() {
        return store.ids();
    }

    /** Ids of groups that have committed offsets for a topic, or do so in a transaction under way; a copy. */
    public List<String> groupsWithOffsetsIn(String topic) {
        return List.copyOf(store.offsets().groupsWith(topic));
    }

    /** Committed offsets of all groups. */
    public int offsetCount() {
        return store.offsets().count();
    }

    /** What members of all groups may still say before new ones are sent away. */
    long memberRoomBytes() {
        return settings.maxMemberBytes() - store.memberBytes();
    }

    OffsetStore offsets() {
        return store.offsets();
    }

    /** What transactions have to do with these offsets. */
    public OffsetTransactions transactions() {
        return transactions;
    }

    /** Milliseconds since 1970 by which to judge whether something is old. */
    long ageTimeMs(Now now) {
        return ageClock.read(now);
    }

    int maxBatchBytes() {
        return maxBatchBytes;
    }

    /** Whether a deadline is set; one that has come is not any more. */
    boolean isScheduled(TimerKey key) {
        return deadlines.isSet(key);
    }

    // ---- commands

    /** Takes a command. It is answered now, or after {@link #onWritten}. */
    public void submit(GroupCommand command, Now now) {
        if (lanes.admitOrQueue(command)) {
            decide(command, now);
        }
    }

    private void decide(GroupCommand command, Now now) {
        Step step;
        try {
            step = command.decider().decide(this, now);
        } catch (RuntimeException e) {
            onBug(command, e); // deciding changes nothing, so the shard is still sound
            return;
        }
        accept(command, step, now);
    }

    private static void onBug(GroupCommand command, RuntimeException failure) {
        LOGGER.atError()
                .addKeyValue("groupId", LoggedText.of(command.groupId()))
                .setCause(failure)
                .log("A command could not be decided");
        command.refuse(Errors.UNKNOWN_SERVER_ERROR);
    }

    private void accept(GroupCommand command, Step step, Now now) {
        if (step.records().isEmpty()) {
            carryOut(step);
            return;
        }
        UnwrittenStep unwritten = encode(command, step);
        if (unwritten == null || unwritten.sizeBytes() > maxBatchBytes) {
            fail(command, step, Errors.UNKNOWN_SERVER_ERROR, now);
            return;
        }
        lanes.enter(command);
        queue.add(unwritten);
    }

    private static @Nullable UnwrittenStep encode(GroupCommand command, Step step) {
        try {
            return UnwrittenStep.of(command, step);
        } catch (UnstorableRecordException e) {
            LOGGER.atWarn()
                    .addKeyValue("groupId", LoggedText.of(command.groupId()))
                    .log("A record cannot be stored: {}", e.getMessage());
            return null;
        }
    }

    /** The records of a step cannot be written: its command comes to something else, or is refused or tried again. */
    private void fail(GroupCommand command, Step step, Errors error, Now now) {
        Step alternative = step.alternative(error, now);
        if (alternative != null) {
            accept(command, alternative, now);
        } else if (command.isInternal()) {
            TimerKey key = new TimerKey(command.groupId(), TimerKey.Purpose.RETRY, Long.toString(retries++));
            deadlines.set(key, now.awakeMs() + RETRY_MS, command);
        } else {
            command.refuse(error);
        }
    }

    private void carryOut(Step step) {
        Group group = step.group();
        for (GroupRecord record : step.records()) {
            if (group == null || record instanceof OffsetRecord) {
                replay(GroupLogEntry.of(record, step.transaction()));
            }
        }
        if (group != null) {
            store.put(group);
        }
        for (Step.TimerChange change : step.timers()) {
            GroupCommand command = change.command();
            if (command == null) {
                deadlines.cancel(change.key());
            } else {
                deadlines.set(change.key(), change.dueMs(), command);
            }
        }
        step.answers().forEach(Runnable::run);
    }

    // ---- writing

    /**
     * What to write next, in one batch; null if there is nothing, or if a batch is being written already. Must be followed by one
     * {@link #onWritten} or {@link #onUnwritten}.
     */
    @Override
    public @Nullable LogWrite nextBatch() {
        return queue.next(maxBatchBytes);
    }

    /** The batch is in the log, and will stay there. */
    @Override
    public void onWritten(Now now) {
        for (Unwritten written : queue.land()) {
            if (written instanceof UnwrittenStep done) {
                carryOut(done.step());
                lanes.leave(done.command());
                if (done.step().isContinued()) {
                    decide(done.command(), now);
                }
                drain(done.command().groupId(), now);
            } else if (written instanceof UnwrittenEnd end) {
                replay(new TransactionEnd(
                        end.marker().producerId(), end.marker().isCommit()));
                end.reply().accept(Errors.NONE);
            }
        }
    }

    /** The batch is not in the log, and never will be. */
    @Override
    public void onUnwritten(Errors error, Now now) {
        for (Unwritten unwritten : queue.land()) {
            if (unwritten instanceof UnwrittenStep failed) {
                lanes.leave(failed.command());
                fail(failed.command(), failed.step(), error, now);
                drain(failed.command().groupId(), now);
            } else {
                unwritten.refuse(error);
            }
        }
    }

    private void drain(String groupId, Now now) {
        lanes.drain(groupId, next -> decide(next, now));
    }

    // ---- time

    /** When to call {@link #onTime} at the latest, in awake milliseconds; {@link Long#MAX_VALUE} for never. */
    @Override
    public long nextDeadlineMs() {
        return deadlines.nextMs();
    }

    /** Submits what is due. */
    @Override
    public void onTime(Now now) {
        for (int met = 0; met < MAX_DEADLINES_PER_TURN; met++) {
            GroupCommand due = deadlines.poll(now.awakeMs());
            if (due == null) {
                return;
            }
            submit(due, now);
        }
    }

    // ---- loading and unloading

    /**
     * Takes over a record that is in the log. Apart from groups with members, which a {@link Step} brings as a whole, this is the
     * only way in which stored state changes.
     */
    @Override
    public void replay(GroupLogEntry entry) {
        store.replay(entry);
    }

    /** The whole log has been replayed: from now on members must be heard of again. */
    @Override
    public void onLoaded(Now now) {
        ageClock.read(now);
        for (Group group : store.all()) {
            if (group instanceof ClassicGroup classicGroup) {
                carryOut(classic.onLoaded(classicGroup, now));
            } else if (group instanceof ConsumerGroup consumerGroup) {
                carryOut(ConsumerTimeouts.onLoaded(this, consumerGroup, now));
            } else if (group instanceof StreamsGroup streamsGroup) {
                carryOut(StreamsTimeouts.onLoaded(this, streamsGroup, now));
            }
        }
    }

    /** This broker does not coordinate these groups any more: everybody who waits is told so. The shard is of no use after. */
    @Override
    public void onUnloaded() {
        queue.clear().forEach(unwritten -> unwritten.refuse(Errors.NOT_COORDINATOR));
        lanes.refuseAll(Errors.NOT_COORDINATOR);
        for (Group group : store.all()) {
            if (group instanceof ClassicGroup classicGroup) {
                carryOut(ClassicProtocol.onUnloaded(classicGroup));
            }
        }
    }
}
