package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.Configs;
import io.penstock.core.partition.EpochEndResult;
import io.penstock.core.partition.FetchListener;
import io.penstock.core.partition.FetchRequest;
import io.penstock.core.partition.FetchResult;
import io.penstock.core.partition.OffsetQuery;
import io.penstock.core.partition.OffsetResult;
import io.penstock.core.partition.PartitionConfig;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.PartitionStatus;
import io.penstock.storage.LogConfig;
import io.penstock.storage.LogId;
import io.penstock.storage.fixture.RecordBatches;
import io.penstock.storage.memory.InMemoryLogStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Partitions on a real Vert.x: routing, deployment, and that no reply is ever lost. */
class PartitionFleetTest {
    private final FleetFixture broker = new FleetFixture();

    @AfterEach
    void close() {
        broker.close();
        assertThat(broker.blocked).as("times that an event loop was blocked").isEmpty();
    }

    @Test
    void shouldReadBackWhatWasAppended() {
        // given
        PartitionId id = broker.deploy(PartitionConfig.DEFAULT);

        // when
        AppendResult first = broker.append(id, RecordBatches.of("a", "b"), -1);
        AppendResult second = broker.append(id, RecordBatches.of("c"), 1);

        // then
        assertThat(first).isEqualTo(AppendResult.appended(0, 1, -1, 0));
        assertThat(second.baseOffset()).isEqualTo(2);
        assertThat(broker.fetch(id, 0, 0).values()).containsExactly("a", "b", "c");
    }

    @Test
    void shouldCompleteParkedFetchWhenRecordsCome() {
        // given
        PartitionId id = broker.deploy(PartitionConfig.DEFAULT);
        Replies.Fetched fetched = broker.fetch(id, 0, 1);
        Replies.await(fetched.parked);

        // when
        broker.append(id, RecordBatches.of("a"), 1);

        // then
        assertThat(fetched.values()).containsExactly("a");
    }

    @Test
    void shouldNameUnknownTopicsAndPartitions() {
        // given
        PartitionId id = broker.deploy(PartitionConfig.DEFAULT);

        // when, then
        assertThat(broker.append(new PartitionId(Uuid.randomUuid(), 0), RecordBatches.of("a"), 1)
                        .error())
                .isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        assertThat(broker.append(new PartitionId(id.topicId(), 7), RecordBatches.of("a"), 1)
                        .error())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(broker.append(new PartitionId(id.topicId(), -1), RecordBatches.of("a"), 1)
                        .error())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void shouldNameTheLeaderOfAPartitionThatIsNotHere() {
        // given
        PartitionId id = broker.deploy(PartitionConfig.DEFAULT);
        FleetFixture.await(broker.fleet.remove(id));

        // when
        AppendResult result = broker.append(id, RecordBatches.of("a"), 1);

        // then
        assertThat(result.error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(result.leaderId()).isEqualTo(FleetFixture.NODE);
    }

    @Test
    void shouldAnswerEveryKindOfQuestionOnTheCallersContext() {
        // given
        PartitionId id = broker.deploy(PartitionConfig.DEFAULT);
        PartitionId unknown = new PartitionId(Uuid.randomUuid(), 0);
        List<Context> contexts = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> all = new CompletableFuture<>();
        AtomicInteger left = new AtomicInteger(12);
        Runnable arrived = () -> {
            contexts.add(Vertx.currentContext());
            if (left.decrementAndGet() == 0) {
                all.complete(null);
            }
        };

        // when
        broker.caller.runOnContext(ignored -> {
            for (PartitionId target : new PartitionId[] {id, unknown}) {
                AppendRequest append = new AppendRequest(RecordBatches.of("a"), (short) 1, 1000, Origin.CLIENT);
                broker.router().append(target, append, result -> arrived.run());
                broker.router().fetch(target, new FetchRequest(0, -1, -1, 1, true, false, 0), new FetchListener() {
                    @Override
                    public void onWaiting(int availableBytes) {}

                    @Override
                    public void onResult(FetchResult result) {
                        result.records().release();
                        arrived.run();
                    }
                });
                broker.router().listOffset(target, new OffsetQuery(-1, -1, false), (OffsetResult r) -> arrived.run());
                broker.router().epochEnd(target, -1, 0, (EpochEndResult r) -> arrived.run());
                broker.router().deleteRecords(target, -1, r -> arrived.run());
                broker.router().status(target, (PartitionStatus r) -> arrived.run());
            }
            assertThat(contexts).as("replies before the call returned").isEmpty();
        });
        Replies.await(all);

        // then
        assertThat(contexts).hasSize(12).containsOnly(broker.caller);
    }

    @Test
    void shouldKeepTheOrderOfOneCallersAppends() {
        // given
        PartitionId id = broker.deploy(PartitionConfig.DEFAULT);
        List<Long> offsets = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> all = new CompletableFuture<>();

        // when
        broker.caller.runOnContext(ignored -> {
            for (int i = 0; i < 500; i++) {
                int number = i;
                ByteBuffer batch = i % 50 == 0
                        ? RecordBatches.ofValueBytes(1 << 19, RecordBatches.TIMESTAMP_MS)
                        : RecordBatches.of("v" + i);
                AppendRequest request = new AppendRequest(batch, (short) 1, 1000, Origin.CLIENT);
                broker.router().append(id, request, result -> {
                    offsets.add(result.baseOffset());
                    if (number == 499) {
                        all.complete(null);
                    }
                });
            }
        });
        Replies.await(all);

        // then
        assertThat(offsets)
                .containsExactlyElementsOf(LongStream.range(0, 500).boxed().toList());
    }

    @Test
    void shouldHoldAcknowledgementsForTheGroupCommit() {
        // given
        PartitionId id = broker.deploy(Configs.flushing(1, Long.MAX_VALUE));

        // when, then
        for (int i = 0; i < 20; i++) {
            assertThat(broker.append(id, RecordBatches.of("a"), -1).error()).isEqualTo(Errors.NONE);
        }
        assertThat(broker.fetch(id, 0, 0).values()).hasSize(20);
    }

    @Test
    void shouldTakeNewLeadershipOver() {
        // given
        PartitionId id = broker.deploy(PartitionConfig.DEFAULT);
        Replies.Fetched waiting = broker.fetch(id, 0, 1);
        Replies.await(waiting.parked);

        // when
        PartitionImage moved = new PartitionImage(id, 2, 1, 1, List.of(1, 2), List.of(2));
        FleetFixture.await(broker.fleet.apply(new PartitionSpec(
                moved,
                "topic",
                LogId.of("topics", id.topicId().toString(), "0"),
                PartitionConfig.DEFAULT,
                LogConfig.DEFAULT)));

        // then
        assertThat(waiting.get().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(waiting.get().leaderId()).isEqualTo(2);
    }

    @Test
    void shouldDeleteTheLogWithThePartition() {
        // given
        PartitionId id = broker.deploy(PartitionConfig.DEFAULT);
        broker.append(id, RecordBatches.of("a"), 1);
        assertThat(broker.store.list()).hasSize(1);

        // when
        FleetFixture.await(broker.fleet.delete(id));

        // then
        assertThat(broker.store.list()).isEmpty();
    }

    @Test
    void shouldFindTheRecordsAgainWhenThePartitionComesBack() {
        // given
        PartitionSpec spec = FleetFixture.spec(Uuid.randomUuid(), 0, PartitionConfig.DEFAULT);
        FleetFixture.await(broker.fleet.apply(spec));
        broker.append(spec.id(), RecordBatches.of("a"), 1);

        // when it goes and comes without anybody waiting in between
        Future<Void> gone = broker.fleet.remove(spec.id());
        Future<Void> back = broker.fleet.apply(spec);
        FleetFixture.await(Future.join(gone, back));

        // then
        assertThat(broker.fetch(spec.id(), 0, 0).values()).containsExactly("a");
    }

    @Test
    void shouldNeverLoseAReplyWhilePartitionsComeAndGo() {
        // given
        PartitionSpec spec = FleetFixture.spec(Uuid.randomUuid(), 0, PartitionConfig.DEFAULT);
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        Set<Errors> errors = ConcurrentHashMap.newKeySet();
        CompletableFuture<Void> stop = new CompletableFuture<>();
        List<CompletableFuture<Void>> callers = new ArrayList<>();

        // when three event loops ask all the time
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Void> idle = new CompletableFuture<>();
            callers.add(idle);
            Context context = broker.vertx.getOrCreateContext();
            context.runOnContext(ignored -> askUntil(context, spec.id(), stop, idle, asked, answered, errors));
        }
        for (int round = 0; round < 300; round++) {
            FleetFixture.await(broker.fleet.apply(spec));
            FleetFixture.await(round % 2 == 0 ? broker.fleet.remove(spec.id()) : broker.fleet.delete(spec.id()));
        }
        stop.complete(null);
        callers.forEach(Replies::await);

        // then
        assertThat(answered.get()).isEqualTo(asked.get()).isGreaterThan(1_000);
        assertThat(errors).containsOnly(Errors.NONE, Errors.UNKNOWN_TOPIC_ID, Errors.NOT_LEADER_OR_FOLLOWER);
    }

    /** Keeps up to ten appends in flight; is idle when it was stopped and all have been answered. */
    private void askUntil(
            Context context,
            PartitionId id,
            CompletableFuture<Void> stop,
            CompletableFuture<Void> idle,
            AtomicInteger asked,
            AtomicInteger answered,
            Set<Errors> errors) {
        int[] inFlight = {0};
        Runnable[] more = new Runnable[1];
        more[0] = () -> {
            while (inFlight[0] < 10 && !stop.isDone()) {
                inFlight[0]++;
                asked.incrementAndGet();
                AppendRequest request = new AppendRequest(RecordBatches.of("a"), (short) 1, 1000, Origin.CLIENT);
                broker.router().append(id, request, result -> {
                    inFlight[0]--;
                    answered.incrementAndGet();
                    errors.add(result.error());
                    context.runOnContext(ignored -> more[0].run());
                });
            }
            if (stop.isDone() && inFlight[0] == 0) {
                idle.complete(null);
            }
        };
        more[0].run();
    }

    @Test
    void shouldRunTwoBrokersOnOneVertx() {
        // given
        InMemoryLogStore otherStore = new InMemoryLogStore(64 << 20);
        PartitionFleet other = new PartitionFleet(
                broker.vertx,
                2,
                otherStore,
                broker.topics::get,
                Clock.SYSTEM,
                PartitionLimits.DEFAULT,
                PartitionMetrics.NONE,
                2,
                () -> CleanerSettings.DEFAULT,
                TransactionAdmissions.NONE);
        PartitionId id = broker.deploy(PartitionConfig.DEFAULT);
        PartitionImage image = new PartitionImage(id, 2, 0, 0, List.of(2), List.of(2));
        FleetFixture.await(other.apply(
                new PartitionSpec(image, "topic", LogId.of("other"), PartitionConfig.DEFAULT, LogConfig.DEFAULT)));

        // when
        broker.append(id, RecordBatches.of("a"), 1);
        AppendRequest request = new AppendRequest(RecordBatches.of("b"), (short) 1, 1000, Origin.CLIENT);
        AppendResult there = broker.<AppendResult>ask(reply -> other.router().append(id, request, reply));

        // then
        assertThat(there.baseOffset()).as("a log of its own").isZero();
        FleetFixture.await(other.close());
        assertThat(broker.append(id, RecordBatches.of("c"), 1).baseOffset()).isOne();
    }

    @Test
    void shouldDeployTenThousandPartitionsInSecondsWithoutOpeningALog() {
        // given
        Uuid topic = Uuid.randomUuid();
        List<Future<Void>> deployments = new ArrayList<>();
        long startedNs = System.nanoTime();

        // when
        for (int i = 0; i < 10_000; i++) {
            deployments.add(broker.fleet.apply(FleetFixture.spec(topic, i, PartitionConfig.DEFAULT)));
        }
        FleetFixture.await(Future.join(deployments));
        long elapsedMs = (System.nanoTime() - startedNs) / 1_000_000;

        // then
        assertThat(elapsedMs).isLessThan(10_000);
        assertThat(broker.fleet.openLogCount()).isZero();
        assertThat(broker.append(new PartitionId(topic, 9_999), RecordBatches.of("a"), 1)
                        .error())
                .isEqualTo(Errors.NONE);
        assertThat(broker.fleet.openLogCount()).isOne();
    }
}
