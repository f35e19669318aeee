package io.penstock.net.metrics;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.penstock.core.BrokerKernel;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.PartitionStatus;
import io.penstock.core.quota.ClientMeters;
import io.penstock.net.http.MetricsSource;
import io.penstock.net.telemetry.ClientTelemetry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /metrics} answers: first the partitions are asked, then everything is added up and written on a worker thread. Nothing is
 * prepared before the first question, so it costs a broker nothing that nobody watches. Safe from any thread: one context owns the
 * state, and questions that come while a collection runs share its answer.
 */
public final class MetricsPage implements MetricsSource, AutoCloseable {

    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final String OPEN_METRICS_TYPE = OPEN_METRICS + "; version=1.0.0; charset=utf-8";
    private static final String TEXT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** Partitions with series of their own; more would make a page of many megabytes. */
    private static final int MAX_PARTITIONS = 2_000;

    private final Context context;
    private final BrokerKernel kernel;
    private final BrokerCollector collector;
    private final Map<String, Future<Exposition>> running = new HashMap<>();

    private @Nullable PrometheusMeterRegistry registry;
    private @Nullable JvmGcMetrics gcMetrics;

    /**
     * @param directories whose volumes are to be watched; empty for a broker without files
     */
    public MetricsPage(
            Vertx vertx,
            BrokerKernel kernel,
            BrokerMetrics metrics,
            ClientMeters meters,
            ClientTelemetry telemetry,
            LoopWatch loops,
            List<Path> directories) {
        this.context = vertx.getOrCreateContext();
        this.kernel = kernel;
        this.collector = new BrokerCollector(kernel, metrics, meters, telemetry, loops, directories);
    }

    @Override
    public Future<Exposition> collect(String accepted) {
        String type = accepted.contains(OPEN_METRICS) ? OPEN_METRICS_TYPE : TEXT_TYPE;
        Promise<Exposition> answer = Promise.promise();
        context.runOnContext(now -> share(type).onComplete(answer));
        return answer.future();
    }

    /** On the context. */
    private Future<Exposition> share(String type) {
        Future<Exposition> underWay = running.get(type);
        if (underWay != null) {
            return underWay;
        }
        Future<Exposition> begun = survey().compose(statuses -> context.executeBlocking(() -> {
            collector.onSurvey(statuses);
            return new Exposition(type, registry().scrape(type));
        }));
        running.put(type, begun);
        return begun.onComplete(done -> running.remove(type));
    }

    /** A broker that still recovers shows no partitions, and is not asked for any. */
    private Future<Map<PartitionId, PartitionStatus>> survey() {
        List<PartitionId> asked = PartitionSurvey.firstOf(kernel.metadata(), MAX_PARTITIONS);
        return asked.isEmpty()
                ? Future.succeededFuture(Map.of())
                : new PartitionSurvey(kernel.partitions(), asked).run();
    }

    /** On a worker thread; the context runs its blocking work one after another. */
    private PrometheusMeterRegistry registry() {
        PrometheusMeterRegistry known = registry;
        if (known != null) {
            return known;
        }
        PrometheusMeterRegistry created = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        JvmGcMetrics gc = new JvmGcMetrics();
        List<MeterBinder> binders = List.of(
                gc,
                new JvmMemoryMetrics(),
                new JvmThreadMetrics(),
                new ClassLoaderMetrics(),
                new ProcessorMetrics(),
                new UptimeMetrics(),
                new FileDescriptorMetrics());
        binders.forEach(binder -> binder.bindTo(created));
        created.getPrometheusRegistry().register(collector);
        gcMetrics = gc;
        registry = created;
        return created;
    }

    /** Lets go of the JVM's notifications. */
    @Override
    public void close() {
        JvmGcMetrics bound = gcMetrics;
        if (bound != null) {
            bound.close();
        }
    }
}
