package io.penstock.core.group;

import io.penstock.core.group.WriteQueue.Unwritten;
import io.penstock.core.group.WriteQueue.UnwrittenEnd;
import io.penstock.core.group.WriteQueue.UnwrittenStep;
import io.penstock.core.group.consumer.TopicCatalog;
import io.penstock.core.group.consumer.TopicsHash;
import io.penstock.core.group.record.ClassicGroupRecord;
import io.penstock.core.group.record.CommittedOffset;
import io.penstock.core.group.record.ConsumerGroupRecord;
import io.penstock.core.group.record.EncodedRecord;
import io.penstock.core.group.record.GroupLogEntry;
import io.penstock.core.group.record.GroupRecord;
import io.penstock.core.group.record.GroupRecordCodec;
import io.penstock.core.group.record.OffsetRecord;
import io.penstock.core.group.record.StreamsGroupRecord;
import io.penstock.core.group.record.TransactionEnd;
import io.penstock.core.group.record.TransactionProducer;
import io.penstock.core.group.record.TransactionalOffset;
import io.penstock.core.group.record.UnstorableRecordException;
import io.penstock.core.transaction.TransactionMarker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
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
    private TopicCatalog topics = TopicCatalog.EMPTY;
    /** Version of the catalog in which the newest topic was new. */
    private long newestTopicVersion;
    /** Groups whose patterns are being looked up. */
    private final Set<String> searching = new HashSet<>();

    private final Map<String, Group> groups = new HashMap<>();
    private long memberBytes;
    private final OffsetStore offsets = new OffsetStore();
    private final Deadlines<TimerKey, GroupCommand> deadlines = new Deadlines<>();
    private final AgeClock ageClock = new AgeClock();

    private final Map<String, Lane> lanes = new HashMap<>();
    private int waitingCount;
    private final WriteQueue queue = new WriteQueue();
    private final RecentEnds recentEnds = new RecentEnds();
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
        this.maxBatchBytes = maxBatchBytes;
        this.classic = new ClassicProtocol(settings, memberIds);
    }

    /**
     * The cluster's topics have changed; groups follow at their members' next heartbeats.
     *
     * @param hasNewOnes whether there is a topic that was not there before
     */
    public void onTopics(TopicCatalog newTopics, boolean hasNewOnes) {
        topics = newTopics;
        if (hasNewOnes) {
            newestTopicVersion = newTopics.version();
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

    long newestTopicVersion() {
        return newestTopicVersion;
    }

    /** What the topics that a group reads come to now. */
    long topicsHash(ConsumerGroup group) {
        return TopicsHash.of(group.subscriptions().topics(), topics);
    }

    String newMemberId() {
        return memberIds.next();
    }

    TopicPatterns patterns() {
        return surroundings.patterns();
    }

    boolean isSearching(String groupId) {
        return searching.contains(groupId);
    }

    void search(TopicSearch search) {
        if (searching.add(search.groupId())) {
            surroundings.patterns().search(search);
        }
    }

    void searchEnded(String groupId) {
        searching.remove(groupId);
    }

    ClassicProtocol classic() {
        return classic;
    }

    @Nullable
    Group group(String groupId) {
        return groups.get(groupId);
    }

    /** All groups, in no order; not to be changed. */
    public Collection<Group> groups() {
        return Collections.unmodifiableCollection(groups.values());
    }

    /** Ids of all groups; a copy. */
    public List<String> groupIds() {
        return List.copyOf(groups.keySet());
    }

    /** Ids of groups that have committed offsets for a topic, or do so in a transaction under way; a copy. */
    public List<String> groupsWithOffsetsIn(String topic) {
        return List.copyOf(offsets.groupsWith(topic));
    }

    /** Committed offsets of all groups. */
    public int offsetCount() {
        return offsets.count();
    }

    /** What members of all groups may still say before new ones are sent away. */
    long memberRoomBytes() {
        return settings.maxMemberBytes() - memberBytes;
    }

    OffsetStore offsets() {
        return offsets;
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
        Lane lane = lanes.get(command.groupId());
        if (lane == null || lane.admits(command)) {
            decide(command, now);
        } else if (command.isInternal() || waitingCount < settings.maxWaitingCommands()) {
            lane.queue(command);
            waitingCount++;
        } else {
            command.refuse(Errors.COORDINATOR_LOAD_IN_PROGRESS);
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
        List<EncodedRecord> encoded = encode(command, step);
        int sizeBytes = encoded == null ? Integer.MAX_VALUE : size(encoded);
        if (encoded == null || sizeBytes > maxBatchBytes) {
            fail(command, step, Errors.UNKNOWN_SERVER_ERROR, now);
            return;
        }
        lanes.computeIfAbsent(command.groupId(), id -> new Lane()).enter(command);
        queue.add(new UnwrittenStep(command, step, encoded, sizeBytes));
    }

    private static @Nullable List<EncodedRecord> encode(GroupCommand command, Step step) {
        try {
            List<EncodedRecord> encoded = new ArrayList<>(step.records().size());
            for (GroupRecord record : step.records()) {
                encoded.add(GroupRecordCodec.encode(record));
            }
            return encoded;
        } catch (UnstorableRecordException e) {
            LOGGER.atWarn()
                    .addKeyValue("groupId", LoggedText.of(command.groupId()))
                    .log("A record cannot be stored: {}", e.getMessage());
            return null;
        }
    }

    private static int size(List<EncodedRecord> records) {
        long bytes = EncodedRecord.BATCH_OVERHEAD_BYTES;
        for (EncodedRecord record : records) {
            bytes += record.sizeBytes();
        }
        return (int) Math.min(Integer.MAX_VALUE, bytes);
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
            put(group);
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

    // ---- transactions

    /** Leave to write offsets in a transaction, if its coordinator has nothing against it. Ask for it before asking there. */
    public OffsetAdmission admission(TransactionProducer producer) {
        boolean isOpen = offsets.pending().isOpen(producer) && !queue.isEnding(producer.id());
        return new OffsetAdmission(this, producer, recentEnds.count(), isOpen);
    }

    /** Why an admission is void; {@link Errors#NONE} if it is not. */
    Errors refusal(OffsetAdmission admission) {
        if (recentEnds.hasEndedSince(admission.producer().id(), admission.endCount())) {
            return Errors.INVALID_TXN_STATE;
        }
        boolean isUnknown = admission.shard() != this || recentEnds.isTooLongAgo(admission.endCount());
        return isUnknown ? Errors.COORDINATOR_LOAD_IN_PROGRESS : Errors.NONE;
    }

    /**
     * Ends a transaction: what it has written becomes committed, or is forgotten. Without any it changes nothing, so a marker may come
     * twice. Its epochs are for the log to judge.
     *
     * @param reply called once, after {@link #onWritten} or with the error
     */
    public void endTransaction(TransactionMarker marker, Consumer<Errors> reply) {
        if (queue.endCount() >= settings.maxWaitingCommands()) {
            reply.accept(Errors.COORDINATOR_LOAD_IN_PROGRESS);
            return;
        }
        recentEnds.add(marker.producerId());
        queue.add(new UnwrittenEnd(marker, reply));
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
                leave(done);
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
                leave(failed);
                fail(failed.command(), failed.step(), error, now);
                drain(failed.command().groupId(), now);
            } else if (unwritten instanceof UnwrittenEnd end) {
                end.reply().accept(error);
            }
        }
    }

    private void leave(UnwrittenStep done) {
        Lane lane = lanes.get(done.command().groupId());
        if (lane != null) {
            lane.leave(done.command());
        }
    }

    /** Decides what has waited, as far as it may be decided now. */
    private void drain(String groupId, Now now) {
        Lane lane = lanes.get(groupId);
        if (lane == null) {
            return;
        }
        for (GroupCommand next = lane.poll(); next != null; next = lane.poll()) {
            waitingCount--;
            decide(next, now);
        }
        if (lane.isIdle()) {
            lanes.remove(groupId);
        }
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
        if (entry instanceof GroupRecord record) {
            replay(record);
        } else if (entry instanceof TransactionalOffset pending) {
            makeRoomFor(pending.record());
            offsets.replay(pending);
        } else if (entry instanceof TransactionEnd end) {
            offsets.replay(end);
        }
    }

    /** Whoever commits an offset has a group, if only an empty one. */
    private void makeRoomFor(OffsetRecord record) {
        CommittedOffset offset = record.offset();
        if (offset != null) {
            groups.computeIfAbsent(record.groupId(), id -> ClassicGroup.empty(id, offset.commitTimeMs()));
        }
    }

    private void replay(GroupRecord record) {
        if (record instanceof OffsetRecord committed) {
            makeRoomFor(committed);
            offsets.replay(committed);
        } else if (record instanceof ClassicGroupRecord classicGroup) {
            ClassicGroupRecord.Value value = classicGroup.value();
            if (value != null) {
                put(ClassicGroup.of(record.groupId(), value));
            } else if (groups.get(record.groupId()) instanceof ClassicGroup) {
                remove(record.groupId());
            }
        } else if (record.type().isOfStreams()) {
            replayStreams(record);
        } else {
            replayConsumer(record);
        }
    }

    /** What is left of a group that has become a classic one since changes nothing: those are tombstones. */
    private void replayConsumer(GroupRecord record) {
        Group group = groups.get(record.groupId());
        if (record instanceof ConsumerGroupRecord end && end.isTombstone()) {
            if (group instanceof ConsumerGroup) {
                remove(record.groupId());
            }
        } else if (group instanceof ConsumerGroup consumerGroup) {
            put(consumerGroup.replay(record));
        } else if (!record.isTombstone()) {
            put(ConsumerGroup.empty(record.groupId()).replay(record));
        }
    }

    /** As of consumer groups. */
    private void replayStreams(GroupRecord record) {
        Group group = groups.get(record.groupId());
        if (record instanceof StreamsGroupRecord end && end.isTombstone()) {
            if (group instanceof StreamsGroup) {
                remove(record.groupId());
            }
        } else if (group instanceof StreamsGroup streamsGroup) {
            put(streamsGroup.replay(record));
        } else if (!record.isTombstone()) {
            put(StreamsGroup.empty(record.groupId()).replay(record));
        }
    }

    private void put(Group group) {
        Group before = groups.put(group.groupId(), group);
        memberBytes += group.sizeBytes() - (before == null ? 0 : before.sizeBytes());
    }

    private void remove(String groupId) {
        Group before = groups.remove(groupId);
        memberBytes -= before == null ? 0 : before.sizeBytes();
    }

    /** The whole log has been replayed: from now on members must be heard of again. */
    @Override
    public void onLoaded(Now now) {
        ageClock.read(now);
        for (Group group : groups.values()) {
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
        for (Unwritten unwritten : queue.clear()) {
            if (unwritten instanceof UnwrittenStep step) {
                step.command().refuse(Errors.NOT_COORDINATOR);
            } else if (unwritten instanceof UnwrittenEnd end) {
                end.reply().accept(Errors.NOT_COORDINATOR);
            }
        }
        for (Lane lane : lanes.values()) {
            for (GroupCommand next = lane.pollAny(); next != null; next = lane.pollAny()) {
                next.refuse(Errors.NOT_COORDINATOR);
            }
        }
        lanes.clear();
        for (Group group : groups.values()) {
            if (group instanceof ClassicGroup classicGroup) {
                carryOut(ClassicProtocol.onUnloaded(classicGroup));
            }
        }
    }
}
