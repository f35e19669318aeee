package io.penstock.net.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.fixture.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** 1,000 groups with 100,000 committed offsets are there after {@code kill -9}, and soon. */
@Tag("slow")
class GroupRecoveryIT {
    private static final Logger LOGGER = LoggerFactory.getLogger(GroupRecoveryIT.class);
    private static final String TOPIC = "committed";
    private static final int GROUPS = 1_000;
    private static final int PARTITIONS = 100;
    private static final short BY_NAME = 9;
    /** Generous: what is measured here begins when the process is ready. */
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    @TempDir
    Path directory;

    private int correlationId;

    @Test
    void shouldKnowAThousandGroupsSoonAfterAKill() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("data"), START_LIMIT)) {
            TestTopics.create(broker.bootstrap(), TOPIC, PARTITIONS, Map.of());
            try (RawClient client = RawClient.connect(broker.port())) {
                findCoordinator(client);
                for (int group = 0; group < GROUPS; group++) {
                    commit(client, group);
                }
            }
            broker.kill();

            long beganNs = System.nanoTime();
            broker.restart(START_LIMIT);
            Duration process = since(beganNs);
            beganNs = System.nanoTime();
            try (RawClient client = RawClient.connect(broker.port())) {
                for (int group = 0; group < GROUPS; group++) {
                    assertCommitted(client, group);
                }
            }
            Duration coordinators = since(beganNs);

            LOGGER.warn(
                    "{} groups with {} offsets after kill -9: process ready in {} ms, every offset told {} ms later",
                    GROUPS,
                    GROUPS * PARTITIONS,
                    process.toMillis(),
                    coordinators.toMillis());
            assertThat(coordinators).isLessThan(Duration.ofSeconds(2));
        }
    }

    private void findCoordinator(RawClient client) throws IOException {
        FindCoordinatorRequestData request = new FindCoordinatorRequestData().setCoordinatorKeys(List.of("g"));
        ask(
                client,
                ApiKeys.FIND_COORDINATOR,
                ApiKeys.FIND_COORDINATOR.latestVersion(false),
                request,
                FindCoordinatorResponseData.class);
    }

    private void commit(RawClient client, int group) throws IOException {
        List<OffsetCommitRequestPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new OffsetCommitRequestPartition()
                        .setPartitionIndex(partition)
                        .setCommittedOffset(offset(group, partition))
                        .setCommittedMetadata(""))
                .toList();
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId("group-" + group)
                .setTopics(List.of(new OffsetCommitRequestTopic().setName(TOPIC).setPartitions(partitions)));
        OffsetCommitResponseData answer =
                ask(client, ApiKeys.OFFSET_COMMIT, BY_NAME, request, OffsetCommitResponseData.class);
        assertThat(answer.topics().get(0).partitions())
                .allMatch(partition -> partition.errorCode() == Errors.NONE.code());
    }

    private static long offset(int group, int partition) {
        return 1_000L * group + partition;
    }

    private void assertCommitted(RawClient client, int group) throws IOException {
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setGroups(List.of(new OffsetFetchRequestGroup()
                        .setGroupId("group-" + group)
                        .setTopics(null)));
        OffsetFetchResponseGroup answer;
        do {
            answer = ask(client, ApiKeys.OFFSET_FETCH, BY_NAME, request, OffsetFetchResponseData.class)
                    .groups()
                    .get(0);
        } while (answer.errorCode() == Errors.COORDINATOR_LOAD_IN_PROGRESS.code());
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        assertThat(answer.topics()).hasSize(1);
        assertThat(answer.topics().get(0).partitions())
                .hasSize(PARTITIONS)
                .allMatch(found -> found.committedOffset() == offset(group, found.partitionIndex()));
    }

    private <T extends ApiMessage> T ask(
            RawClient client, ApiKeys api, short version, ApiMessage request, Class<T> type) throws IOException {
        return client.sendBytes(RawClient.frame(api, version, correlationId++, request))
                .read(api, version, type);
    }

    private static Duration since(long beganNs) {
        return Duration.ofNanos(System.nanoTime() - beganNs);
    }
}
