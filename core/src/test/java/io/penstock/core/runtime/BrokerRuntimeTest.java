package io.penstock.core.runtime;

import static io.penstock.core.runtime.BrokerFixture.crashCopy;
import static io.penstock.core.runtime.BrokerFixture.partition;
import static io.penstock.core.runtime.BrokerFixture.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.BrokerKernel;
import io.penstock.core.BrokerStartException.Kind;
import io.penstock.core.BrokerState;
import io.penstock.core.api.Broker;
import io.penstock.core.api.BrokerOptions;
import io.penstock.core.metadata.MetadataRecord;
import io.penstock.core.metadata.MetadataRecord.TopicDeleted;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.PartitionId;
import io.penstock.storage.LogConfig;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.chronicle.ChronicleLogStore;
import io.penstock.storage.fixture.ManualThreads;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BrokerRuntimeTest {
    /** Where data is kept. */
    private enum Store {
        MEMORY,
        DISK
    }

    @TempDir
    private Path directory;

    private final BrokerFixture brokers = new BrokerFixture();

    @AfterEach
    void stopAll() {
        brokers.close();
    }

    private BrokerOptions options(Store store) {
        return store == Store.MEMORY ? BrokerOptions.inMemory() : onDisk();
    }

    private BrokerOptions onDisk() {
        return BrokerOptions.inDirectory(directory.resolve("data"));
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void shouldTakeRecordsAsSoonAsTheCreationOfATopicIsAnswered(Store store) {
        // given
        BrokerKernel kernel = brokers.start(options(store)).kernel();

        // when
        Errors created = brokers.create(kernel, "orders", 3);
        AppendResult appended = brokers.append(kernel, partition(kernel, "orders", 2), "a", "b");

        // then
        assertThat(created).isEqualTo(Errors.NONE);
        assertThat(appended.error()).isEqualTo(Errors.NONE);
        assertThat(brokers.read(kernel, partition(kernel, "orders", 2))).containsExactly("a", "b");
    }

    @Test
    void shouldComeBackWithTheSameTopicsAndRecords() {
        // given
        Broker broker = brokers.start(onDisk());
        BrokerKernel kernel = broker.kernel();
        brokers.create(kernel, "orders", 3);
        brokers.create(kernel, "gone", 1);
        alter(kernel, (byte) 2, "orders", "retention.ms", "100000000");
        brokers.delete(kernel, "gone");
        brokers.append(kernel, partition(kernel, "orders", 0), "a");
        TopicImage before = topic(kernel, "orders");
        String clusterId = kernel.metadata().clusterId();
        brokers.stop(broker);

        // when
        BrokerKernel again = brokers.start(onDisk()).kernel();

        // then
        assertThat(topic(again, "orders")).isEqualTo(before);
        assertThat(again.metadata().topics()).hasSize(1);
        assertThat(again.metadata().clusterId()).isEqualTo(clusterId).hasSize(22);
        assertThat(again.metadata().controllerId()).isEqualTo(1);
        assertThat(brokers.read(again, partition(again, "orders", 0))).containsExactly("a");
    }

    @Test
    void shouldKeepEveryAnsweredChangeWhenItIsKilled() {
        // given
        BrokerKernel kernel =
                brokers.start(onDisk().with("log.segment.bytes", "1048576")).kernel();

        for (int round = 0; round < 5; round++) {
            // when
            brokers.create(kernel, "topic-" + round, 1);
            brokers.append(kernel, partition(kernel, "topic-" + round, 0), "value-" + round);
            Path copy = crashCopy(directory.resolve("data"), directory.resolve("crash-" + round));
            Broker survivor = brokers.start(BrokerOptions.inDirectory(copy));

            // then
            for (int known = 0; known <= round; known++) {
                BrokerKernel after = survivor.kernel();
                assertThat(brokers.read(after, partition(after, "topic-" + known, 0)))
                        .containsExactly("value-" + known);
            }
            brokers.stop(survivor);
        }
    }

    @Test
    void shouldBeginNewLeaderEpochsOnlyAfterACrash() {
        // given
        Broker first = brokers.start(onDisk());
        brokers.create(first.kernel(), "orders", 2);
        Path crashed = crashCopy(directory.resolve("data"), directory.resolve("crashed"));
        brokers.stop(first);

        // when
        BrokerKernel afterStop = brokers.start(onDisk()).kernel();
        BrokerKernel afterCrash =
                brokers.start(BrokerOptions.inDirectory(crashed)).kernel();

        // then
        assertThat(topic(afterStop, "orders").partitions())
                .extracting(PartitionImage::leaderEpoch)
                .containsOnly(0);
        assertThat(topic(afterCrash, "orders").partitions())
                .extracting(PartitionImage::leaderEpoch)
                .containsOnly(1);
        assertThat(brokers.append(afterCrash, partition(afterCrash, "orders", 0), "a")
                        .error())
                .isEqualTo(Errors.NONE);
    }

    @Test
    void shouldServeNothingOfADeletedTopicAndDeleteItsFiles() throws Exception {
        // given
        BrokerKernel kernel = brokers.start(onDisk()).kernel();
        brokers.create(kernel, "orders", 2);
        PartitionId old = partition(kernel, "orders", 0);
        brokers.append(kernel, old, "a");

        // when
        Errors deleted = brokers.delete(kernel, "orders");

        // then
        assertThat(deleted).isEqualTo(Errors.NONE);
        assertThat(brokers.append(kernel, old, "b").error()).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        waitFor(() -> kernel.metadata().deletedTopics().isEmpty());
        assertThat(segmentFiles("orders")).isEmpty();

        // when
        brokers.create(kernel, "orders", 1);

        // then
        assertThat(partition(kernel, "orders", 0)).isNotEqualTo(old);
        assertThat(brokers.read(kernel, partition(kernel, "orders", 0))).isEmpty();
    }

    @Test
    void shouldDeleteTheFilesOfATopicWhoseDeletionACrashCutShort() throws Exception {
        // given
        Broker broker = brokers.start(onDisk());
        brokers.create(broker.kernel(), "orders", 2);
        brokers.append(broker.kernel(), partition(broker.kernel(), "orders", 1), "a");
        TopicImage topic = topic(broker.kernel(), "orders");
        brokers.stop(broker);
        appendToJournal(new TopicDeleted(topic.id()));
        assertThat(segmentFiles("orders")).isNotEmpty();

        // when
        BrokerKernel kernel = brokers.start(onDisk()).kernel();

        // then
        assertThat(kernel.metadata().topic("orders")).isNull();
        waitFor(() -> kernel.metadata().deletedTopics().isEmpty());
        assertThat(segmentFiles("orders")).isEmpty();
    }

    @Test
    void shouldLeaveLogsOfUnknownTopicsAlone() throws Exception {
        // given
        Broker broker = brokers.start(onDisk());
        brokers.create(broker.kernel(), "orders", 1);
        brokers.append(broker.kernel(), partition(broker.kernel(), "orders", 0), "a");
        brokers.stop(broker);
        Path orders = directory.resolve("data/logs/topics/orders");
        crashCopy(orders, directory.resolve("data/logs/topics/stranger"));
        Path stranger = directory.resolve("data/logs/topics/stranger");
        try (var ids = Files.list(stranger)) {
            Path id = ids.findFirst().orElseThrow();
            Files.move(id, stranger.resolve("AAAAAAAAAAAAAAAAAAAAAQ"));
        }

        // when
        brokers.stop(brokers.start(onDisk()));

        // then
        assertThat(segmentFiles("stranger")).isNotEmpty();
    }

    @Test
    void shouldRefuseToBeginAnewBesideLogsWhenTheMetadataIsGone() throws Exception {
        // given
        Broker broker = brokers.start(onDisk());
        brokers.create(broker.kernel(), "orders", 1);
        brokers.append(broker.kernel(), partition(broker.kernel(), "orders", 0), "a");
        brokers.stop(broker);
        Path data = directory.resolve("data");
        Files.move(data.resolve("logs/__cluster_metadata"), directory.resolve("elsewhere"));

        // then
        var refusal = brokers.refused(onDisk());
        assertThat(refusal.kind()).isEqualTo(Kind.FAILURE);
        assertThat(refusal).hasMessageContaining("__cluster_metadata");
        assertThat(segmentFiles("orders")).isNotEmpty();
    }

    @Test
    void shouldRefuseADirectoryThatAnotherBrokerHolds() {
        // given
        brokers.start(onDisk());

        // then
        assertThat(brokers.refused(onDisk()).kind()).isEqualTo(Kind.PORT_OR_DIRECTORY_BUSY);
    }

    @Test
    void shouldRefuseWhatCannotBeConfiguredAndHoldNothingAfterwards() throws IOException {
        // given
        brokers.stop(brokers.start(onDisk()));
        Path file = Files.createFile(directory.resolve("file"));

        // then
        assertThat(brokers.refused(onDisk().with("node.id", "2"))).satisfies(refusal -> {
            assertThat(refusal.kind()).isEqualTo(Kind.BAD_CONFIGURATION);
            assertThat(refusal).hasMessageContaining("belongs to node 1");
        });
        assertThat(brokers.refused(onDisk().with("num.partitions", "none")).kind())
                .isEqualTo(Kind.BAD_CONFIGURATION);
        assertThat(brokers.refused(BrokerOptions.inDirectory(file.resolve("b/c")))
                        .kind())
                .isEqualTo(Kind.BAD_CONFIGURATION);
        assertThat(brokers.start(onDisk()).state()).isEqualTo(BrokerState.READY);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void shouldNeverGiveAProducerIdTwice(Store store) {
        // given
        Set<Long> given = new HashSet<>();

        for (int run = 0; run < (store == Store.DISK ? 3 : 1); run++) {
            // when
            Broker broker = brokers.start(options(store));
            List<Future<Long>> asked = new ArrayList<>();
            for (int i = 0; i < 2_500; i++) {
                asked.add(broker.kernel().admin().nextProducerId());
            }

            // then
            asked.forEach(id -> assertThat(given.add(brokers.await(id))).isTrue());
            brokers.stop(broker);
        }
    }

    @Test
    void shouldRunSeveralBrokersBesideEachOther() {
        // given
        BrokerKernel first = brokers.start(onDisk()).kernel();
        BrokerKernel second = brokers.start(BrokerOptions.inDirectory(directory.resolve("other")))
                .kernel();
        BrokerKernel third = brokers.start(BrokerOptions.inMemory()).kernel();

        // when
        for (BrokerKernel kernel : List.of(first, second, third)) {
            brokers.create(kernel, "orders", 1);
            brokers.append(
                    kernel, partition(kernel, "orders", 0), kernel.metadata().clusterId());
        }

        // then
        for (BrokerKernel kernel : List.of(first, second, third)) {
            assertThat(brokers.read(kernel, partition(kernel, "orders", 0)))
                    .containsExactly(kernel.metadata().clusterId());
        }
    }

    @Test
    void shouldApplyChangedSettingsToPartitionsThatRun() {
        // given
        BrokerKernel kernel = brokers.start(BrokerOptions.inMemory()).kernel();
        brokers.create(kernel, "own", 1);
        brokers.create(kernel, "inherited", 1);
        String large = "x".repeat(2_000);
        assertThat(brokers.append(kernel, partition(kernel, "own", 0), large).error())
                .isEqualTo(Errors.NONE);

        // when
        alter(kernel, (byte) 2, "own", "max.message.bytes", "1000");
        alter(kernel, (byte) 4, "", "message.max.bytes", "1500");

        // then
        assertThat(brokers.append(kernel, partition(kernel, "own", 0), large).error())
                .isEqualTo(Errors.MESSAGE_TOO_LARGE);
        assertThat(brokers.append(kernel, partition(kernel, "inherited", 0), large)
                        .error())
                .isEqualTo(Errors.MESSAGE_TOO_LARGE);
        assertThat(brokers.append(kernel, partition(kernel, "inherited", 0), "x".repeat(1_200))
                        .error())
                .isEqualTo(Errors.NONE);
    }

    @Test
    void shouldCreateATopicOnceThoughManyAskForItAtOnce() {
        // given
        BrokerKernel kernel = brokers.start(onDisk()).kernel();

        // when
        List<Future<CreateTopicsResponseData.CreatableTopicResult>> asked = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            asked.add(kernel.admin().autoCreateTopic("topic-" + i % 20));
        }

        // then
        asked.forEach(answer -> assertThat(brokers.await(answer)).satisfies(result -> {
            assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.NONE);
            assertThat(result.topicId()).isEqualTo(topic(kernel, result.name()).id());
        }));
        assertThat(kernel.metadata().topics()).hasSize(20);
    }

    @Test
    void shouldGiveInternalTopicsTheirOwnDefaults() {
        // given
        BrokerKernel kernel = brokers.start(BrokerOptions.inMemory().with("offsets.topic.num.partitions", "7"))
                .kernel();

        // when
        brokers.await(kernel.admin().autoCreateTopic("__consumer_offsets"));

        // then
        TopicImage offsets = topic(kernel, "__consumer_offsets");
        assertThat(offsets.partitions()).hasSize(7);
        assertThat(offsets.configs()).containsEntry("cleanup.policy", "compact");
        assertThat(offsets.isInternal()).isTrue();
    }

    @Test
    void shouldRefuseChangesOnceItStops() {
        // given
        Broker broker = brokers.start(BrokerOptions.inMemory());
        BrokerKernel kernel = broker.kernel();

        // when
        brokers.stop(broker);
        Future<?> late = kernel.admin().autoCreateTopic("late");

        // then
        assertThat(late.toCompletionStage().toCompletableFuture()).failsWithin(20, TimeUnit.SECONDS);
        assertThat(broker.state()).isEqualTo(BrokerState.STOPPED);
    }

    @Test
    void shouldCutATornTailOfTheJournalAndLeaveTheLogsAlone() throws Exception {
        // given
        BrokerKernel kernel =
                brokers.start(onDisk().with("log.segment.bytes", "1048576")).kernel();
        brokers.create(kernel, "kept", 1);
        brokers.append(kernel, partition(kernel, "kept", 0), "a");
        brokers.create(kernel, "torn-away", 1);
        brokers.append(kernel, partition(kernel, "torn-away", 0), "b");
        Path copy = crashCopy(directory.resolve("data"), directory.resolve("copy"));
        damage(copy.resolve("logs/__cluster_metadata"), "torn-away");

        // when
        BrokerKernel after = brokers.start(BrokerOptions.inDirectory(copy)).kernel();

        // then
        assertThat(brokers.read(after, partition(after, "kept", 0))).containsExactly("a");
        assertThat(after.metadata().topic("torn-away")).isNull();
        assertThat(copy.resolve("logs/topics/torn-away")).isNotEmptyDirectory();
        assertThat(brokers.create(after, "torn-away", 1)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldStartFromASnapshot() {
        // given
        Broker broker = brokers.start(onDisk());
        BrokerKernel kernel = broker.kernel();
        brokers.create(kernel, "orders", 3);
        brokers.create(kernel, "gone", 1);
        brokers.delete(kernel, "gone");
        for (int i = 0; i < 200; i++) {
            alter(kernel, (byte) 2, "orders", "cleanup.policy", "delete" + ",delete".repeat(4_000 + i));
        }
        alter(kernel, (byte) 2, "orders", "cleanup.policy", "compact");
        TopicImage before = topic(kernel, "orders");
        brokers.stop(broker);
        assertThat(journalStartOffset()).isPositive();

        // when
        BrokerKernel again = brokers.start(onDisk()).kernel();

        // then
        assertThat(topic(again, "orders")).isEqualTo(before);
        assertThat(again.metadata().topics()).hasSize(1);
        assertThat(brokers.create(again, "later", 1)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldStopAfterAStartThatIsUnderWay() {
        // given
        Broker broker = Broker.create(brokers.vertx, onDisk());
        Future<Broker> started = broker.start();

        // when
        brokers.await(broker.stop());

        // then
        assertThat(started.succeeded()).isTrue();
        assertThat(broker.state()).isEqualTo(BrokerState.STOPPED);
        assertThat(brokers.start(onDisk()).state()).isEqualTo(BrokerState.READY);
    }

    private void alter(BrokerKernel kernel, byte type, String name, String key, String value) {
        AlterConfigsResource resource =
                new AlterConfigsResource().setResourceType(type).setResourceName(name);
        resource.configs().add(new AlterableConfig().setName(key).setValue(value));
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource);
        assertThat(brokers.await(kernel.admin().incrementalAlterConfigs(request))
                        .responses())
                .allSatisfy(response ->
                        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE));
    }

    /** Writes a record as a broker that was killed right after it would have. */
    private void appendToJournal(MetadataRecord record) {
        ManualThreads threads = new ManualThreads();
        try (ChronicleLogStore store = new ChronicleLogStore(directory.resolve("data/logs"))) {
            MetadataJournal journal = new MetadataJournal(store, threads.context(), Clock.SYSTEM);
            threads.await(journal.open());
            journal.append(List.of(record));
            threads.await(journal.sync());
            threads.await(journal.close());
        }
    }

    private long journalStartOffset() {
        ManualThreads threads = new ManualThreads();
        try (ChronicleLogStore store = new ChronicleLogStore(directory.resolve("data/logs"))) {
            PartitionLog log = threads.await(store.open(MetadataJournal.LOG_ID, LogConfig.DEFAULT, threads.context()));
            long startOffset = log.startOffset();
            threads.await(log.close());
            return startOffset;
        }
    }

    /** Flips a bit of a text wherever it stands in the files of a log. */
    private static void damage(Path logDirectory, String text) throws IOException {
        int hits = 0;
        try (var files = Files.walk(logDirectory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                hits += damageFile(file, text.getBytes(StandardCharsets.UTF_8));
            }
        }
        assertThat(hits).isPositive();
    }

    private static int damageFile(Path file, byte[] text) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int hits = 0;
        for (int at = 0; at <= bytes.length - text.length; at++) {
            if (Arrays.equals(bytes, at, at + text.length, text, 0, text.length)) {
                bytes[at] ^= 1;
                hits++;
            }
        }
        if (hits > 0) {
            Files.write(file, bytes);
        }
        return hits;
    }

    private List<Path> segmentFiles(String topic) throws IOException {
        Path topicDirectory = directory.resolve("data/logs/topics").resolve(topic);
        if (!Files.exists(topicDirectory)) {
            return List.of();
        }
        try (var files = Files.walk(topicDirectory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static void waitFor(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadlineNs);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
