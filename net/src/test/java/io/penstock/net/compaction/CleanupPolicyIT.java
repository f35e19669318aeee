package io.penstock.net.compaction;

import static io.penstock.net.compaction.CompactedTopic.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.net.clients.Clients;
import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.TestBroker;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of a topic decide whether and when it is compacted, at once when they are changed. */
@ExtendWith(AlarmExtension.class)
class CleanupPolicyIT {
    private static TestBroker broker;

    @BeforeAll
    static void start() {
        broker = CompactedTopic.eagerBroker();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    /** When this returns, everything written before to any topic that is due has been compacted: the dirtiest goes first. */
    private static void letTheCleanerRun(String name) {
        try (CompactedTopic canary = new CompactedTopic(broker, "canary-" + name)) {
            canary.put("a", "1", "a", "2");
            canary.awaitOneOfEachKey();
            canary.put("a", "3", "a", "4");
            canary.awaitOneOfEachKey();
        }
    }

    @Test
    void shouldFollowThePolicyWhileItRuns() throws InterruptedException {
        try (CompactedTopic topic = new CompactedTopic(broker, "policy", "cleanup.policy", "delete")) {
            // given: with delete, everything stays
            topic.put("a", "1", null, "without key", "b", "1", "a", "2");
            letTheCleanerRun("delete");
            assertThat(text(topic.readAll())).containsExactly("a=1", "null=without key", "b=1", "a=2");

            // when, then: with compact, older values and records without a key go
            topic.alter("cleanup.policy", "compact");
            assertThat(topic.awaitOneOfEachKey()).map(record -> record.offset()).containsExactly(2L, 3L);

            // when, then: with delete again, everything stays
            topic.alter("cleanup.policy", "delete");
            topic.put("b", "2", null, "without key");
            letTheCleanerRun("delete-again");
            assertThat(text(topic.readAll())).containsExactly("b=1", "a=2", "b=2", "null=without key");

            // when, then: with both, old segments go as a whole
            topic.alter("cleanup.policy", "compact,delete", "retention.ms", "1");
            topic.awaitBeginning(6);
            assertThat(topic.endOffset()).isEqualTo(6);
        }
    }

    @Test
    void shouldCompactWhatIsYoungWithCompactAndDelete() {
        try (CompactedTopic topic =
                new CompactedTopic(broker, "both", "cleanup.policy", "compact,delete", "retention.ms", "3600000")) {
            topic.put("a", "1", "b", "1", "a", "2");

            assertThat(text(topic.awaitOneOfEachKey())).containsExactly("b=1", "a=2");
        }
    }

    @Test
    void shouldRefuseARecordWithoutKeyAndNameIt() {
        try (CompactedTopic topic = new CompactedTopic(broker, "keyless");
                KafkaProducer<String, String> producer = topic.producer("linger.ms", 1_000)) {
            // when
            Future<RecordMetadata> good = producer.send(topic.record("a", "1"));
            Future<RecordMetadata> bad = producer.send(topic.record(null, "2"));
            producer.flush();

            // then: the batch is refused as a whole
            assertThatThrownBy(() -> Clients.await(bad))
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessage("Compacted topic cannot accept message without key in topic partition keyless-0.");
            assertThatThrownBy(() -> Clients.await(good)).hasMessageContaining("part of a batch");
            assertThat(topic.endOffset()).isZero();

            // when, then: a policy that is changed holds at once
            topic.alter("cleanup.policy", "delete");
            topic.put(null, "2");
            assertThat(topic.endOffset()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"min.compaction.lag.ms,3600000,0", "min.cleanable.dirty.ratio,1,0.5"})
    void shouldWaitUntilThePolicySaysThatItIsTime(String setting, String holding, String releasing) {
        try (CompactedTopic topic = new CompactedTopic(broker, "waits-for-" + setting, setting, holding)) {
            // given
            topic.put("a", "1", "a", "2");
            letTheCleanerRun(setting);
            assertThat(text(topic.readAll())).containsExactly("a=1", "a=2");

            // when
            topic.alter(setting, releasing);

            // then
            assertThat(text(topic.awaitOneOfEachKey())).containsExactly("a=2");
        }
    }

    @Test
    void shouldCompactWhatHasWaitedTooLongThoughLittleIsDirtyAndTheSegmentIsYoung() {
        try (CompactedTopic topic =
                new CompactedTopic(broker, "max-lag", "min.cleanable.dirty.ratio", "1", "segment.ms", "3600000")) {
            // given
            topic.put("a", "1", "a", "2");
            letTheCleanerRun("max-lag");
            assertThat(text(topic.readAll())).containsExactly("a=1", "a=2");

            // when
            topic.alter("max.compaction.lag.ms", "100");

            // then
            assertThat(text(topic.awaitOneOfEachKey())).containsExactly("a=2");
        }
    }

    @Test
    void shouldNotTouchTheActiveSegment() {
        try (CompactedTopic topic = new CompactedTopic(broker, "active", "segment.ms", "3600000")) {
            // given
            topic.put("a", "1", "a", "2");
            letTheCleanerRun("active");
            assertThat(text(topic.readAll())).containsExactly("a=1", "a=2");

            // when: it is full
            topic.put("b", "x".repeat(20_000), "a", "3");

            // then
            assertThat(topic.await(
                            records -> records.size() == 3 && records.get(0).offset() == 1))
                    .map(record -> record.offset())
                    .containsExactly(1L, 2L, 3L);
        }
    }
}
