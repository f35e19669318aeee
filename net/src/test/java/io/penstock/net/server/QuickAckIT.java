package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.ScriptedHandler;
import io.penstock.net.fixture.TestListener;
import io.vertx.core.transport.Transport;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AlarmExtension.class)
final class QuickAckIT {
    private static final int ROUNDS = 60;

    /** What Linux waits at least before it acknowledges without being asked to. */
    private static final long DELAYED_NS = TimeUnit.MILLISECONDS.toNanos(40);

    private final ScriptedHandler fetch = ScriptedHandler.manual(ApiKeys.FETCH);
    private final ScriptedHandler metadata = ScriptedHandler.manual(ApiKeys.METADATA);

    @Test
    void shouldNotLetAClientWithNaglesAlgorithmWaitBehindItsOwnFetch() throws Exception {
        assumeTrue(Transport.EPOLL != null && Transport.EPOLL.available(), "no epoll");
        Histogram tookNs = new Histogram(3);
        try (TestListener listener = TestListener.start(
                        Transport.EPOLL, ListenerLimits.DEFAULTS, FrontendMetrics.NONE, fetch, metadata);
                RawClient client = RawClient.connectWithNagle(listener.port())) {
            for (int i = 0; i < ROUNDS; i++) {
                // when
                client.send(ApiKeys.FETCH, i, new FetchRequestData());
                long sentNs = System.nanoTime();
                client.send(ApiKeys.METADATA, i, new MetadataRequestData());
                ScriptedHandler.Call behind = metadata.take();
                tookNs.recordValue(System.nanoTime() - sentNs);

                fetch.take().responder().send(new FetchResponseData());
                behind.responder().send(new MetadataResponseData());
                client.read();
                client.read();
            }
        }

        // then: once the client was seen to do that
        assertThat(tookNs.getValueAtPercentile(80)).isLessThan(DELAYED_NS / 2);
    }
}
