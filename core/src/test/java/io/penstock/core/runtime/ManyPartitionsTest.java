package io.penstock.core.runtime;

import static io.penstock.core.runtime.BrokerFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.BrokerKernel;
import io.penstock.core.api.Broker;
import io.penstock.core.api.BrokerOptions;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ten thousand partitions, with generous limits: a machine that does other things too must pass. */
@Tag("slow")
class ManyPartitionsTest {
    @TempDir
    private Path directory;

    private final BrokerFixture brokers = new BrokerFixture();

    @AfterEach
    void stopAll() {
        brokers.close();
    }

    @ParameterizedTest
    @CsvSource({"10000, 1", "100, 100", "1, 10000"})
    void shouldCreateAndComeBackWithTenThousandPartitions(int topics, int partitions) {
        // given
        Broker broker = brokers.start(BrokerOptions.inDirectory(directory));
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        for (int i = 0; i < topics; i++) {
            request.topics()
                    .add(new CreatableTopic()
                            .setName("topic-" + i)
                            .setNumPartitions(partitions)
                            .setReplicationFactor((short) 1));
        }

        // when
        long createNs = System.nanoTime();
        var response = brokers.await(broker.kernel().admin().createTopics(request));
        long createdMs = elapsedMs(createNs);
        long stopNs = System.nanoTime();
        brokers.stop(broker);
        long stoppedMs = elapsedMs(stopNs);
        long startNs = System.nanoTime();
        BrokerKernel again = brokers.start(BrokerOptions.inDirectory(directory)).kernel();
        long startedMs = elapsedMs(startNs);
        System.out.printf(
                "%d topics of %d partitions: created in %d ms, stopped in %d ms, started in %d ms%n",
                topics, partitions, createdMs, stoppedMs, startedMs);

        // then
        assertThat(response.topics())
                .allSatisfy(topic -> assertThat(topic.errorCode()).isZero());
        assertThat(again.metadata().topics()).hasSize(topics);
        assertThat(createdMs).isLessThan(20_000);
        assertThat(startedMs).isLessThan(5_000);
        assertThat(brokers.append(again, partition(again, "topic-0", partitions - 1), "a")
                        .error())
                .isEqualTo(Errors.NONE);
    }

    private static long elapsedMs(long sinceNs) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNs);
    }
}
