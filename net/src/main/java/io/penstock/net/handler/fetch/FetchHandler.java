package io.penstock.net.handler.fetch;

import io.penstock.core.BrokerKernel;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.function.LongSupplier;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

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
