package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.PartitionRouter;
import io.penstock.core.api.NewRecord;
import io.penstock.core.api.RecordWriter;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.PartitionId;
import io.penstock.storage.batch.BatchHeader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a partition that answers when it is told to. */
class PartitionWriterTest {
    private static final PartitionId PARTITION = new PartitionId(new Uuid(1, 2), 0);

    private final Vertx vertx = Vertx.vertx();
    private final ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
    private final List<Integer> batches = new ArrayList<>();
    private final ArrayDeque<Consumer<AppendResult>> unanswered = new ArrayDeque<>();
    private long endOffset;
    private RecordWriter writer;

    @BeforeEach
    void open() {
        writer = on(() -> new PartitionWriter(context, router(), PARTITION, Clock.SYSTEM));
    }

    @AfterEach
    void close() {
        await(vertx.close());
    }

    @Test
    void shouldSendARecordAtTheEndOfItsTurnWhileThePartitionKeepsUp() {
        sendInTurns(3);

        assertThat(batches).containsExactly(1, 1, 1);
    }

    @Test
    void shouldGatherWhatComesWhileThePartitionIsHeldUp() {
        // given
        sendInTurns(PartitionWriter.MAX_BATCHES_ON_THE_WAY);

        // when
        List<Future<Long>> late = sendInTurns(100);

        // then
        assertThat(batches).hasSize(PartitionWriter.MAX_BATCHES_ON_THE_WAY);
        answerOldest();
        assertThat(batches).hasSize(PartitionWriter.MAX_BATCHES_ON_THE_WAY + 1).endsWith(100);
        while (!unanswered.isEmpty()) {
            answerOldest();
        }
        assertThat(await(late.get(0))).isEqualTo((long) PartitionWriter.MAX_BATCHES_ON_THE_WAY);
        assertThat(await(late.get(99))).isEqualTo(PartitionWriter.MAX_BATCHES_ON_THE_WAY + 99L);
    }

    @Test
    void shouldNotGatherMoreThanABatchHolds() {
        // given
        sendInTurns(PartitionWriter.MAX_BATCHES_ON_THE_WAY);

        // when
        for (int i = 0; i < 10; i++) {
            send(10_000);
        }

        // then: more than 64 KiB do not wait for an answer
        assertThat(batches).endsWith(7);
    }

    @Test
    void shouldLetALargeRecordTakeNoOthersWithIt() {
        // given
        sendInTurns(PartitionWriter.MAX_BATCHES_ON_THE_WAY);
        send(10);

        // when
        send(100_000);

        // then
        assertThat(batches).hasSize(PartitionWriter.MAX_BATCHES_ON_THE_WAY + 2).endsWith(1, 1);
    }

    @Test
    void shouldSendWhatWaitsWhenItEnds() {
        // given
        sendInTurns(PartitionWriter.MAX_BATCHES_ON_THE_WAY + 5);

        // when
        Future<Void> end = on(writer::end);

        // then
        assertThat(batches).endsWith(5);
        while (!unanswered.isEmpty()) {
            assertThat(end.isComplete()).isFalse();
            answerOldest();
        }
        await(end);
    }

    private List<Future<Long>> sendInTurns(int count) {
        List<Future<Long>> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sent.add(send(10));
        }
        return sent;
    }

    /** In a turn of its own, which has ended. */
    private Future<Long> send(int valueBytes) {
        Future<Long> sent = on(() -> writer.send(NewRecord.of(Buffer.buffer(new byte[valueBytes]))));
        on(() -> true);
        return sent;
    }

    private void answerOldest() {
        on(() -> {
            int count = batches.get(batches.size() - unanswered.size());
            unanswered.remove().accept(AppendResult.appended(endOffset, endOffset + count - 1, -1, 0));
            endOffset += count;
            return true;
        });
    }

    @SuppressWarnings("unchecked") // the signature of append
    private PartitionRouter router() {
        return (PartitionRouter) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {PartitionRouter.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("append");
                    onAppend((AppendRequest) arguments[1], (Consumer<AppendResult>) arguments[2]);
                    return null;
                });
    }

    private void onAppend(AppendRequest request, Consumer<AppendResult> reply) {
        batches.add(request.records().getInt(BatchHeader.RECORD_COUNT));
        unanswered.add(reply);
    }

    private static <T> T await(Future<T> future) {
        return Replies.await(future.toCompletionStage().toCompletableFuture());
    }

    private <T> T on(Supplier<T> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        context.runOnContext(turn -> done.complete(task.get()));
        return Replies.await(done);
    }
}
