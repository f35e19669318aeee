package io.penstock.net.churn;

import io.penstock.net.fixture.RawClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/** The members of one group, and an observer of what it has committed. Used by one thread. */
final class ChurnGroup implements AutoCloseable {
    static final String GROUP = "churn";
    static final String TOPIC = "churned";
    static final int PARTITIONS = 64;
    /** The last version of OffsetFetch that names topics. */
    static final short BY_NAME = 9;

    private final int port;
    private final MemberKind kind;
    private final ChurnHistory history;
    private final List<ChurnMember> members = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final RawClient observer;
    private int nextName;

    ChurnGroup(int port, MemberKind kind, ChurnHistory history) throws IOException {
        this.port = port;
        this.kind = kind;
        this.history = history;
        this.observer = RawClient.connect(port);
        FindCoordinatorRequestData find = new FindCoordinatorRequestData();
        find.coordinatorKeys().add(GROUP);
        observer.send(ApiKeys.FIND_COORDINATOR, 0, find)
                .read(ApiKeys.FIND_COORDINATOR, FindCoordinatorResponseData.class);
    }

    int port() {
        return port;
    }

    int size() {
        return members.size();
    }

    /**
     * One more member.
     *
     * @return when it was told to join: making it is not part of what is measured
     */
    long add() throws IOException {
        String name = "member-" + nextName++;
        ChurnMember member = kind.create(name, this, history);
        Thread thread = new Thread(member, name);
        threads.add(thread);
        members.add(member);
        thread.start();
        return System.nanoTime();
    }

    void letLeave(int index) {
        members.remove(index).leave();
    }

    void letDie(int index) {
        members.remove(index).die();
    }

    void onFailure(String member, Exception failure) {
        failures.add(member + ": " + failure);
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Looks at all committed offsets. */
    void observe() throws IOException {
        Map<Integer, Long> acked = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            acked.put(partition, history.acked(partition));
        }
        observer.sendBytes(RawClient.frame(ApiKeys.OFFSET_FETCH, BY_NAME, 1, fetchAll()));
        Map<Integer, Long> committed =
                offsetsOf(observer.read(ApiKeys.OFFSET_FETCH, BY_NAME, OffsetFetchResponseData.class));
        acked.forEach((partition, offset) -> history.onSeen(partition, committed.getOrDefault(partition, 0L), offset));
    }

    /** Whether each partition has one owner, each member its fair share, and all live by one generation where there are such. */
    boolean isSettled() {
        List<Integer> generations =
                members.stream().map(ChurnMember::settledGeneration).distinct().toList();
        List<List<Integer>> shares = members.stream().map(ChurnMember::owned).toList();
        int least = PARTITIONS / members.size();
        int most = (PARTITIONS + members.size() - 1) / members.size();
        return generations.size() == 1
                && generations.get(0) >= 0
                && shares.stream().allMatch(share -> share.size() >= least && share.size() <= most)
                && shares.stream().mapToInt(List::size).sum() == PARTITIONS
                && shares.stream().flatMap(List::stream).distinct().count() == PARTITIONS;
    }

    static OffsetFetchRequestData fetchAll() {
        return new OffsetFetchRequestData()
                .setGroups(
                        List.of(new OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(null)));
    }

    static Map<Integer, Long> offsetsOf(OffsetFetchResponseData fetched) {
        Map<Integer, Long> offsets = new HashMap<>();
        fetched.groups()
                .get(0)
                .topics()
                .forEach(topic -> topic.partitions()
                        .forEach(found -> offsets.put(found.partitionIndex(), found.committedOffset())));
        return offsets;
    }

    static List<Integer> partitionsOf(byte[] assignment) {
        if (assignment.length == 0) {
            return List.of();
        }
        ByteBuffer bytes = ByteBuffer.wrap(assignment);
        short version = bytes.getShort();
        return new ConsumerProtocolAssignment(new ByteBufferAccessor(bytes), version)
                .assignedPartitions().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .toList();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        members.forEach(ChurnMember::leave);
        for (Thread thread : threads) {
            thread.join();
        }
        observer.close();
    }
}
