package io.penstock.core.runtime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.config.BrokerConfig;
import io.penstock.core.metadata.Decision;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.MetadataLog;
import io.penstock.core.metadata.MetadataRecord;
import io.penstock.core.metadata.MetadataRecord.ConfigChanged;
import io.penstock.core.metadata.MetadataRecord.ConfigScope;
import io.penstock.storage.LogFullException;
import io.penstock.storage.LogOfflineException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class MetadataOwnerTest {
    private final SlowLog log = new SlowLog();
    private final List<MetadataImage> published = new ArrayList<>();
    private final ArrayDeque<Promise<Void>> publications = new ArrayDeque<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final MetadataOwner owner = new MetadataOwner(
            log,
            MetadataImage.EMPTY,
            new DynamicConfig(BrokerConfig.defaults()),
            image -> {
                published.add(image);
                Promise<Void> publication = Promise.promise();
                publications.add(publication);
                return publication.future();
            },
            failures::add);

    @Test
    void shouldAnswerOnlyWhenTheChangeIsDurableAndVisible() {
        // when
        Future<String> answer = owner.submit(set("k", "1"));

        // then
        assertThat(log.appended).hasSize(1);
        assertThat(published).isEmpty();

        // when
        log.completeSync();

        // then
        assertThat(published).hasSize(1);
        assertThat(answer.isComplete()).isFalse();

        // when
        publications.remove().complete();

        // then
        assertThat(answer.result()).isEqualTo("1");
    }

    @Test
    void shouldDecideOnWhatIsNotDurableYet() {
        // given
        owner.submit(set("k", "1"));

        // when
        List<String> seen = new ArrayList<>();
        owner.submit((image, config) -> {
            seen.add(image.brokerConfigs("").get("k"));
            return Decision.unchanged("ok");
        });

        // then
        assertThat(seen).containsExactly("1");
    }

    @Test
    void shouldShareOneSyncAndOnePublicationAmongChangesThatMeet() {
        // given
        Future<String> first = owner.submit(set("a", "1"));
        Future<String> second = owner.submit(set("b", "2"));
        Future<String> third = owner.submit(set("c", "3"));

        // when
        log.completeSync();
        publications.remove().complete();

        // then
        assertThat(first.isComplete()).isTrue();
        assertThat(second.isComplete()).isFalse();

        // when
        log.completeSync();
        publications.remove().complete();

        // then
        assertThat(second.result()).isEqualTo("2");
        assertThat(third.result()).isEqualTo("3");
        assertThat(published).hasSize(2);
        assertThat(log.syncs).isEmpty();
    }

    @Test
    void shouldHoldBackARefusalThatRestsOnWhatIsNotDurable() {
        // given
        owner.submit(set("k", "1"));

        // when
        Future<String> refusal = owner.submit((image, config) -> Decision.unchanged("exists already"));

        // then
        assertThat(refusal.isComplete()).isFalse();
        log.completeSync();
        publications.remove().complete();
        log.completeSync();
        publications.remove().complete();
        assertThat(refusal.result()).isEqualTo("exists already");
    }

    @Test
    void shouldPublishImagesInOrder() {
        // given
        owner.submit(set("k", "1"));
        log.completeSync();
        owner.submit(set("k", "2"));
        log.completeSync();

        // then
        assertThat(published).hasSize(1);

        // when
        publications.remove().complete();

        // then
        assertThat(published)
                .extracting(image -> image.brokerConfigs("").get("k"))
                .containsExactly("1", "2");
    }

    @Test
    void shouldAnswerThoughAPartitionCouldNotBeDeployed() {
        // given
        Future<String> answer = owner.submit(set("k", "1"));
        log.completeSync();

        // when
        publications.remove().fail(new IllegalStateException("no partition"));

        // then
        assertThat(answer.result()).isEqualTo("1");
    }

    @Test
    void shouldFailEveryChangeOnceTheLogHasFailed() {
        // given
        Future<String> syncing = owner.submit(set("a", "1"));
        Future<String> waiting = owner.submit(set("b", "2"));

        // when
        log.failSync(new LogOfflineException("disk is gone"));
        Future<String> later = owner.submit(set("c", "3"));

        // then
        assertThat(List.of(syncing, waiting, later))
                .allSatisfy(answer -> assertThat(answer.cause()).hasMessage("disk is gone"));
        assertThat(failures).hasSize(1);
        assertThat(published).isEmpty();
    }

    @Test
    void shouldGoOnWhenTheDiskWasFullForOneChange() {
        // given
        log.isFull = true;
        Future<String> refused = owner.submit(set("a", "1"));

        // when
        log.isFull = false;
        Future<String> accepted = owner.submit(set("b", "2"));
        log.completeSync();
        publications.remove().complete();

        // then
        assertThat(refused.cause()).isInstanceOf(LogFullException.class);
        assertThat(accepted.result()).isEqualTo("2");
        assertThat(published.get(0).brokerConfigs("")).containsOnlyKeys("b");
    }

    @Test
    void shouldFailOnlyTheChangeWhoseDecisionHasABug() {
        // given
        Future<String> broken = owner.submit((image, config) -> {
            throw new IllegalStateException("bug");
        });

        // when
        Future<String> good = owner.submit(set("k", "1"));
        log.completeSync();
        publications.remove().complete();

        // then
        assertThat(broken.cause()).hasMessage("bug");
        assertThat(good.result()).isEqualTo("1");
    }

    @Test
    void shouldDecideNothingWhileASnapshotIsWritten() {
        // given
        log.snapshotIsDue = true;
        owner.submit(set("a", "1"));

        // when
        Future<String> queued = owner.submit(set("b", "2"));

        // then
        assertThat(log.appended).hasSize(1);
        requireNonNull(log.snapshot);

        // when
        log.completeSnapshot(10);

        // then
        assertThat(log.appended).hasSize(2);
        log.completeSync();
        publications.remove().complete();
        log.completeSync();
        publications.remove().complete();
        assertThat(queued.result()).isEqualTo("2");
        assertThat(published.get(1).offset()).isEqualTo(11);
    }

    @Test
    void shouldFinishWhatIsUnderWayBeforeItIsDrained() {
        // given
        Future<String> underWay = owner.submit(set("a", "1"));

        // when
        Future<Void> drained = owner.drain();
        Future<String> late = owner.submit(set("b", "2"));

        // then
        assertThat(late.failed()).isTrue();
        assertThat(drained.isComplete()).isFalse();
        log.completeSync();
        publications.remove().complete();
        assertThat(underWay.result()).isEqualTo("1");
        assertThat(drained.isComplete()).isTrue();
    }

    private static MetadataOwner.Change<String> set(String key, String value) {
        return (image, config) -> new Decision<>(List.of(new ConfigChanged(ConfigScope.BROKER, "", key, value)), value);
    }

    /** A log whose syncs and snapshots the test completes. */
    private static final class SlowLog implements MetadataLog {
        final List<List<MetadataRecord>> appended = new ArrayList<>();
        final ArrayDeque<CompletableFuture<Void>> syncs = new ArrayDeque<>();
        CompletableFuture<Long> snapshot = new CompletableFuture<>();
        boolean isFull;
        boolean snapshotIsDue;
        long endOffset;

        void completeSync() {
            syncs.remove().complete(null);
        }

        void failSync(Throwable failure) {
            syncs.remove().completeExceptionally(failure);
        }

        void completeSnapshot(long newEndOffset) {
            snapshotIsDue = false;
            endOffset = newEndOffset;
            snapshot.complete(newEndOffset);
        }

        @Override
        public CompletionStage<MetadataImage> open() {
            return CompletableFuture.completedStage(MetadataImage.EMPTY);
        }

        @Override
        public long append(List<MetadataRecord> records) {
            if (isFull) {
                throw new LogFullException("full");
            }
            appended.add(records);
            long offset = endOffset;
            endOffset += records.size();
            return offset;
        }

        @Override
        public CompletionStage<Void> sync() {
            CompletableFuture<Void> sync = new CompletableFuture<>();
            syncs.add(sync);
            return sync;
        }

        @Override
        public boolean isSnapshotDue() {
            return snapshotIsDue;
        }

        @Override
        public CompletionStage<Long> snapshot(MetadataImage image) {
            snapshot = new CompletableFuture<>();
            return snapshot;
        }

        @Override
        public CompletionStage<Void> close() {
            return CompletableFuture.completedStage(null);
        }
    }
}
