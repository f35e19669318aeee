package io.penstock.net.handler;

import io.penstock.core.BrokerKernel;
import io.penstock.core.ClusterAdmin;
import io.penstock.net.handler.admin.AdminHandlers;
import io.penstock.net.handler.fetch.FetchHandler;
import io.penstock.net.handler.group.GroupHandlers;
import io.penstock.net.handler.transaction.TransactionHandlers;
import io.penstock.net.server.ApiHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Makes the handlers of all APIs that a broker answers, ApiVersions excepted, which needs to know the others. Stateless. */
public final class Handlers {
    private Handlers() {}

    /** One handler for each API; one list serves all listeners and event loops of a broker. */
    public static List<ApiHandler> of(BrokerKernel kernel, HandlerSettings settings) {
        ClusterAdmin admin = kernel.admin();
        List<ApiHandler> handlers = new ArrayList<>(GroupHandlers.of(kernel, settings));
        handlers.addAll(TransactionHandlers.of(kernel));
        handlers.addAll(AdminHandlers.of(kernel, settings));
        handlers.addAll(List.of(
                new ProduceHandler(kernel),
                fetchHandler(kernel, settings),
                new ListOffsetsHandler(kernel),
                new OffsetForLeaderEpochHandler(kernel),
                new DeleteRecordsHandler(kernel),
                new FindCoordinatorHandler(kernel),
                new MetadataHandler(kernel, settings, Handlers::monotonicMs),
                new DescribeTopicPartitionsHandler(kernel, settings),
                new DescribeClusterHandler(kernel),
                new DescribeLogDirsHandler(kernel, settings.dataDirectory(), diskSpace(settings)),
                new CreateTopicsHandler(admin),
                new DeleteTopicsHandler(admin),
                new CreatePartitionsHandler(admin),
                new DescribeClientQuotasHandler(kernel),
                new AlterClientQuotasHandler(admin),
                new DescribeUserScramCredentialsHandler(),
                new DescribeConfigsHandler(admin),
                new AlterConfigsHandler(admin),
                new IncrementalAlterConfigsHandler(admin),
                new ListConfigResourcesHandler(kernel)));
        return List.copyOf(handlers);
    }

    private static long monotonicMs() {
        return System.nanoTime() / 1_000_000;
    }

    private static FetchHandler fetchHandler(BrokerKernel kernel, HandlerSettings settings) {
        return new FetchHandler(
                kernel,
                settings.fetchSessionSlots(),
                settings.eventLoops(),
                settings.fetchMaxBytes(),
                VertxTimers::start,
                Handlers::monotonicMs);
    }

    private static Supplier<Future<DiskSpace>> diskSpace(HandlerSettings settings) {
        Path directory = settings.dataDirectory();
        return directory == null
                ? () -> Future.succeededFuture(DiskSpace.UNKNOWN)
                : () -> Vertx.currentContext().executeBlocking(() -> DiskSpace.of(directory), false);
    }
}
