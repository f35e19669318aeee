package io.penstock.net.telemetry;

import io.penstock.core.metadata.MetadataImage;
import io.penstock.net.server.KafkaRequest;
import io.vertx.core.Context;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells clients what to push, and takes what they push. Safe from any thread: requests go to one owner context, where the decisions are
 * made; unpacking happens on worker threads, at most {@value #MAX_UNPACKING} pushes at a time, others are told to come later.
 */
public final class ClientTelemetry {
    private static final Logger LOGGER = LoggerFactory.getLogger(ClientTelemetry.class);
    private static final int MAX_UNPACKING = 4;
    private static final int INTERVALS_VALID = 3;
    private static final int MAX_LABEL_CHARS = 255;

    private final Context owner;
    private final Supplier<MetadataImage> metadata;
    private final int maxBytes;
    private final LongSupplier monotonicMs;

    private final ConfiguredSubscriptions configured = new ConfiguredSubscriptions();
    private final ClientInstances instances = new ClientInstances();
    private final PushedValues values = new PushedValues();
    private final TelemetryCounts counts = new TelemetryCounts();
    private int unpacking;

    /** What a client is answered that asks for its subscription; without one if there is an error. */
    record Answer(Errors error, Uuid instanceId, Subscription subscription) {}

    /**
     * @param owner an event loop
     * @param metadata the newest metadata, from any thread
     * @param maxBytes most bytes of one push, as it comes ({@code telemetry.max.bytes})
     */
    public ClientTelemetry(Context owner, Supplier<MetadataImage> metadata, int maxBytes, LongSupplier monotonicMs) {
        this.owner = owner;
        this.metadata = metadata;
        this.maxBytes = maxBytes;
        this.monotonicMs = monotonicMs;
    }

    int maxBytes() {
        return maxBytes;
    }

    /** Finds out what a client is to push; {@code reply} runs on the owner. A client without an id is given one. */
    void subscribe(Uuid askedId, KafkaRequest request, Consumer<Answer> reply) {
        owner.runOnContext(turn -> {
            Uuid instanceId = askedId.equals(Uuid.ZERO_UUID) ? Uuid.randomUuid() : askedId;
            ClientInstance instance = find(instanceId, request);
            Errors error = instance.onGet(monotonicMs.getAsLong());
            count(error);
            reply.accept(new Answer(error, instanceId, instance.subscription()));
        });
    }

    /** Takes a push; {@code reply} runs on the owner. */
    void push(PushTelemetryRequestData push, KafkaRequest request, Consumer<Errors> reply) {
        owner.runOnContext(turn -> {
            if (Uuid.RESERVED.contains(push.clientInstanceId())) {
                refuse(Errors.INVALID_REQUEST, reply);
                return;
            }
            ClientInstance instance = find(push.clientInstanceId(), request);
            ByteBuffer metrics = push.metrics();
            Errors error = instance.onPush(
                    push.subscriptionId(),
                    push.terminating(),
                    push.compressionType(),
                    metrics.remaining(),
                    maxBytes,
                    monotonicMs.getAsLong());
            if (error != Errors.NONE) {
                refuse(error, reply);
            } else if (metrics.hasRemaining()) {
                unpack(instance, metrics, CompressionType.forId(push.compressionType()), reply);
            } else {
                reply.accept(Errors.NONE);
            }
        });
    }

    private ClientInstance find(Uuid instanceId, KafkaRequest request) {
        return instances.find(
                ClientFacts.of(instanceId, request), configured.of(metadata.get()), monotonicMs.getAsLong());
    }

    private void unpack(
            ClientInstance instance, ByteBuffer metrics, CompressionType compression, Consumer<Errors> reply) {
        if (unpacking >= MAX_UNPACKING) {
            refuse(Errors.THROTTLING_QUOTA_EXCEEDED, reply);
            return;
        }
        unpacking++;
        int bytes = metrics.remaining();
        owner.executeBlocking(() -> PushedMetrics.read(metrics, compression), false)
                .onComplete(done -> {
                    unpacking--;
                    if (done.succeeded()) {
                        counts.onPush(bytes);
                        values.put(instance.client().instanceId(), pushOf(instance, done.result()));
                        reply.accept(Errors.NONE);
                    } else {
                        LOGGER.debug("A client pushed what are no metrics", done.cause());
                        refuse(Errors.INVALID_RECORD, reply);
                    }
                });
    }

    private ClientPush pushOf(ClientInstance instance, List<Sample> samples) {
        ClientFacts client = instance.client();
        String clientId = client.clientId();
        return new ClientPush(
                client.instanceId().toString(),
                clientId.length() > MAX_LABEL_CHARS ? clientId.substring(0, MAX_LABEL_CHARS) : clientId,
                client.softwareName(),
                client.softwareVersion(),
                monotonicMs.getAsLong(),
                Math.max(
                        60_000L,
                        (long) INTERVALS_VALID * instance.subscription().intervalMs()),
                samples);
    }

    private void count(Errors error) {
        if (error != Errors.NONE) {
            counts.onRefusal(error);
        }
    }

    private void refuse(Errors error, Consumer<Errors> reply) {
        counts.onRefusal(error);
        reply.accept(error);
    }

    /** What came in since the start. */
    public TelemetryCounts counts() {
        return counts;
    }

    /** The newest values of the clients that pushed last. */
    public List<ClientPush> newest() {
        return values.newest(monotonicMs.getAsLong());
    }

    /** How long ago a push was. */
    public long ageMs(ClientPush push) {
        return monotonicMs.getAsLong() - push.atMs();
    }
}
