package io.penstock.core.runtime;

import static java.util.Objects.requireNonNull;

import io.penstock.core.BrokerKernel;
import io.penstock.core.BrokerStartException;
import io.penstock.core.api.Broker;
import io.penstock.core.api.BrokerOptions;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.FetchRequest;
import io.penstock.core.partition.PartitionId;
import io.penstock.storage.fixture.RecordBatches;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.protocol.Errors;

/** Embedded brokers on one Vert.x, asked as a frontend asks them. */
final class BrokerFixture implements AutoCloseable {
    final Vertx vertx = Vertx.vertx();
    private final Context caller = vertx.getOrCreateContext();
    private final List<Broker> running = new ArrayList<>();

    Broker start(BrokerOptions options) {
        Broker broker = await(Broker.create(vertx, options).start());
        running.add(broker);
        return broker;
    }

    /** Starts what must not start. */
    BrokerStartException refused(BrokerOptions options) {
        try {
            start(options);
        } catch (CompletionException e) {
            return (BrokerStartException) requireNonNull(e.getCause());
        }
        throw new AssertionError("the broker started");
    }

    void stop(Broker broker) {
        running.remove(broker);
        await(broker.stop());
    }

    <T> T await(Future<T> future) {
        return Replies.await(future.toCompletionStage().toCompletableFuture());
    }

    Errors create(BrokerKernel kernel, String name, int partitions) {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics()
                .add(new CreatableTopic()
                        .setName(name)
                        .setNumPartitions(partitions)
                        .setReplicationFactor((short) 1));
        CreatableTopicResult result =
                await(kernel.admin().createTopics(request)).topics().iterator().next();
        return Errors.forCode(result.errorCode());
    }

    Errors delete(BrokerKernel kernel, String name) {
        DeleteTopicsRequestData request =
                new DeleteTopicsRequestData().setTopics(List.of(new DeleteTopicState().setName(name)));
        return Errors.forCode(await(kernel.admin().deleteTopics(request))
                .responses()
                .iterator()
                .next()
                .errorCode());
    }

    static TopicImage topic(BrokerKernel kernel, String name) {
        return requireNonNull(kernel.metadata().topic(name), "no topic " + name);
    }

    static PartitionId partition(BrokerKernel kernel, String name, int index) {
        return topic(kernel, name).partitions().get(index).id();
    }

    AppendResult append(BrokerKernel kernel, PartitionId partition, String... values) {
        CompletableFuture<AppendResult> answer = new CompletableFuture<>();
        AppendRequest request = new AppendRequest(RecordBatches.of(values), (short) 1, 10_000, Origin.CLIENT);
        caller.runOnContext(turn -> kernel.partitions().append(partition, request, answer::complete));
        return Replies.await(answer);
    }

    List<String> read(BrokerKernel kernel, PartitionId partition) {
        Replies.Fetched fetched = new Replies.Fetched();
        FetchRequest request = new FetchRequest(0, -1, -1, 1 << 20, true, false, 0);
        caller.runOnContext(turn -> kernel.partitions().fetch(partition, request, fetched));
        return fetched.values();
    }

    /** A copy of a data directory as a crash at this moment would leave it, were everything written on the disk. */
    static Path crashCopy(Path directory, Path target) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                Path copy = target.resolve(directory.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        for (Broker broker : List.copyOf(running)) {
            stop(broker);
        }
        await(vertx.close());
    }
}
