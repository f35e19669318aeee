package io.penstock.net.handler.fetch;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.TopicImage;
import io.penstock.net.handler.PartitionHomes;
import io.penstock.net.handler.TopicLookup;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.function.LongSupplier;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Answers Fetch: places the request in its session and starts a {@link FetchCall}. Safe from any thread: sessions belong to event
 * loops, everything else is immutable.
 */
public final class FetchHandler implements ApiHandler {
    private final BrokerKernel kernel;
    private final FetchSessionCache sessions;
    private final int maxBytes;
    private final WaitTimer timer;
    private final LongSupplier clockMs;

    /**
     * @param sessionSlots most sessions at a time ({@code max.incremental.fetch.session.cache.slots})
     * @param eventLoops number of event loops that serve connections
     * @param maxBytes most bytes in one answer whatever the client asks for ({@code fetch.max.bytes})
     * @param clockMs monotonic time
     */
    public FetchHandler(
            BrokerKernel kernel,
            int sessionSlots,
            int eventLoops,
            int maxBytes,
            WaitTimer timer,
            LongSupplier clockMs) {
        this.kernel = kernel;
        this.sessions = new FetchSessionCache(sessionSlots, eventLoops);
        this.maxBytes = maxBytes;
        this.timer = timer;
        this.clockMs = clockMs;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.FETCH;
    }

    /** Not for a request that continues a session: sessions belong to their event loop, and the client would have to begin again. */
    @Override
    public @Nullable Thread cheapestLoop(ApiMessage request, short version) {
        FetchRequestData data = (FetchRequestData) request;
        if (data.sessionEpoch() > SessionRequest.INITIAL_EPOCH) {
            return null;
        }
        TopicLookup lookup = TopicLookup.forFetch(kernel.metadata(), version);
        PartitionHomes homes = new PartitionHomes(kernel);
        for (FetchTopic topic : data.topics()) {
            TopicImage image = lookup.topic(topic.topic(), topic.topicId());
            for (FetchPartition partition : topic.partitions()) {
                if (!homes.isFull()) {
                    homes.count(lookup.partition(image, partition.partition()));
                }
            }
        }
        return homes.majority();
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        FetchRequestData data = request.data(FetchRequestData.class);
        FetchContext context = sessions.shard().open(SessionRequest.of(data, request.version()), clockMs.getAsLong());
        FetchLimits limits = FetchLimits.of(
                data.minBytes(),
                data.maxBytes(),
                data.maxWaitMs(),
                request.quota().maxFetchBytes(maxBytes));
        new FetchCall(kernel, request, responder, context, clockMs).start(limits, timer);
    }
}
