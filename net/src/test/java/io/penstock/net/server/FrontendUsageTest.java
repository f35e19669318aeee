package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.quota.QuotaWindow;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class FrontendUsageTest {
    private final AtomicReference<ConnectionPolicy> policy = new AtomicReference<>(atMost(4));
    private final FrontendUsage usage = new FrontendUsage(ListenerLimits.DEFAULTS, policy::get, QuotaWindow.DEFAULT);

    @Test
    void shouldClaimEachConnectionBeyondALoweredBoundOnce() {
        // given
        open(4);
        assertThat(usage.claimExcess()).isFalse();

        // when
        policy.set(atMost(2));

        // then
        assertThat(usage.claimExcess()).isTrue();
        assertThat(usage.claimExcess()).isTrue();
        assertThat(usage.claimExcess()).isFalse();
    }

    @Test
    void shouldCountAClaimedConnectionNoLongerOnceItHasLeft() {
        // given
        open(3);
        policy.set(atMost(2));
        usage.claimExcess();

        // when
        usage.onClosed("plain", InetAddress.getLoopbackAddress());
        usage.onLeft();

        // then
        assertThat(usage.claimExcess()).isFalse();
        policy.set(atMost(1));
        assertThat(usage.claimExcess()).isTrue();
        assertThat(usage.claimExcess()).isFalse();
    }

    private void open(int count) {
        for (int i = 0; i < count; i++) {
            usage.tryOpen("plain", InetAddress.getLoopbackAddress());
        }
    }

    private static ConnectionPolicy atMost(int connections) {
        ConnectionLimits limits = ConnectionLimits.DEFAULTS;
        return ConnectionPolicy.of(new ConnectionLimits(
                connections,
                limits.maxConnectionsPerIp(),
                limits.idleMs(),
                limits.unfinishedFrameMs(),
                limits.minFrameBytesPerSecond(),
                limits.drainMs()));
    }
}
