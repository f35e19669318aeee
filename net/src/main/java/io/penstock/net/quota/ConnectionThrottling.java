package io.penstock.net.quota;

import io.penstock.core.metadata.ClientQuotas;
import io.penstock.core.quota.ClientLimits;
import org.jspecify.annotations.Nullable;

/**
 * Finds the quotas of one connection's requests. Remembers the last answer, because a connection rarely changes its name and quotas
 * rarely change at all. Owned by the connection's event loop.
 */
public final class ConnectionThrottling {
    private static final String USER_PREFIX = "User:";

    private final ClientThrottling broker;
    private @Nullable ClientLimits known;

    public ConnectionThrottling(ClientThrottling broker) {
        this.broker = broker;
    }

    /**
     * The quota of a request that is about to be dispatched. Where the cluster has no quotas at all this is one look at the metadata.
     *
     * @param principal whose request it is, as {@code User:name}
     * @param clientId empty if the client gives none
     * @param startNs when the event loop began to work on the request
     */
    public RequestQuota begin(String principal, String clientId, long startNs) {
        ClientQuotas now = broker.quotas().get();
        return now.isEmpty() ? RequestQuota.NONE : new RequestQuota(broker, limits(now, principal, clientId), startNs);
    }

    private ClientLimits limits(ClientQuotas now, String principal, String clientId) {
        String user = principal.startsWith(USER_PREFIX) ? principal.substring(USER_PREFIX.length()) : principal;
        ClientLimits limits = known;
        if (limits == null || !limits.isCurrent(now, user, clientId)) {
            limits = broker.meters().limits(now, user, clientId, broker.nowMs());
            known = limits;
        }
        return limits;
    }
}
