package io.penstock.net.launch;

import io.netty.util.NetUtil;
import io.penstock.config.BrokerConfig;
import io.penstock.config.Listener;
import io.penstock.config.NetworkSettings;
import io.penstock.core.metadata.ClientQuotas;
import io.penstock.core.metadata.QuotaEntity;
import io.penstock.core.metadata.QuotaKey;
import io.penstock.net.server.ConnectionPolicy;
import io.penstock.net.server.ConnectionPolicy.OfListener;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bounds on connections from the configuration and the quotas of the moment. Made anew only when one of these has changed. Host
 * names among them are looked up once, on a worker thread; until that is done, and if it fails, their bounds do not hold. Safe from
 * any thread.
 */
final class ConnectionPolicies implements Supplier<ConnectionPolicy> {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConnectionPolicies.class);

    private final Vertx vertx;
    private final Supplier<BrokerConfig> configs;
    private final Supplier<ClientQuotas> quotas;
    /** Empty for a name that is being looked up or could not be found. */
    private final ConcurrentMap<String, Optional<InetAddress>> hosts = new ConcurrentHashMap<>();

    private volatile @Nullable Made last;

    /** Counts the hosts found, each of which makes the last policy an old one. */
    private final AtomicInteger hostsFound = new AtomicInteger();

    private record Made(BrokerConfig config, ClientQuotas quotas, int hostsFound, ConnectionPolicy policy) {}

    ConnectionPolicies(Vertx vertx, Supplier<BrokerConfig> configs, Supplier<ClientQuotas> quotas) {
        this.vertx = vertx;
        this.configs = configs;
        this.quotas = quotas;
    }

    @Override
    public ConnectionPolicy get() {
        BrokerConfig config = configs.get();
        ClientQuotas quotasNow = quotas.get();
        int hostsNow = hostsFound.get();
        Made known = last;
        if (known == null || known.config != config || known.quotas != quotasNow || known.hostsFound != hostsNow) {
            known = new Made(config, quotasNow, hostsNow, make(config, quotasNow));
            last = known;
        }
        return known.policy;
    }

    private ConnectionPolicy make(BrokerConfig config, ClientQuotas quotasNow) {
        Map<InetAddress, Integer> perIpOverrides = new HashMap<>();
        config.connectionsPerIpOverrides()
                .forEach((host, count) -> address(host).ifPresent(address -> perIpOverrides.put(address, count)));
        Map<InetAddress, Integer> ipRates = new HashMap<>();
        quotasNow.forEach((entity, values) -> {
            String host = entity.ip();
            Double rate = values.get(QuotaKey.CONNECTION_CREATION_RATE.text());
            if (host != null && rate != null && !host.equals(QuotaEntity.DEFAULT)) {
                address(host).ifPresent(address -> ipRates.put(address, rate.intValue()));
            }
        });
        Double defaultRate = quotasNow.find(QuotaEntity.ofIp(QuotaEntity.DEFAULT), QuotaKey.CONNECTION_CREATION_RATE);
        return new ConnectionPolicy(
                config.get(NetworkSettings.MAX_CONNECTIONS),
                config.get(NetworkSettings.MAX_CONNECTION_CREATION_RATE),
                config.get(NetworkSettings.MAX_CONNECTIONS_PER_IP),
                perIpOverrides,
                ipRates,
                defaultRate == null ? ConnectionPolicy.UNLIMITED : defaultRate.intValue(),
                listeners(config));
    }

    private static Map<String, OfListener> listeners(BrokerConfig config) {
        Map<String, OfListener> listeners = new HashMap<>();
        for (Listener listener : config.listeners()) {
            listeners.put(
                    listener.name(),
                    new OfListener(
                            config.get(NetworkSettings.MAX_CONNECTIONS, listener.name()),
                            config.get(NetworkSettings.MAX_CONNECTION_CREATION_RATE, listener.name())));
        }
        return listeners;
    }

    private Optional<InetAddress> address(String host) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(host);
        if (literal != null) {
            return Optional.of(literal);
        }
        Optional<InetAddress> found = hosts.get(host);
        if (found == null && hosts.putIfAbsent(host, Optional.empty()) == null) {
            lookUp(host);
        }
        return found == null ? Optional.empty() : found;
    }

    private void lookUp(String host) {
        vertx.executeBlocking(() -> InetAddress.getByName(host), false)
                .onSuccess(address -> {
                    hosts.put(host, Optional.of(address));
                    hostsFound.incrementAndGet();
                })
                .onFailure(failure -> LOGGER.atWarn()
                        .addKeyValue("host", host)
                        .addKeyValue("cause", failure instanceof UnknownHostException ? "unknown" : failure.toString())
                        .log("A host with a bound on its connections cannot be found; the bound does not hold"));
    }
}
