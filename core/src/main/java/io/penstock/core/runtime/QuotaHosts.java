package io.penstock.core.runtime;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out, off the event loops, which names in a request for address quotas are addresses or lead to one. Safe from any thread. */
final class QuotaHosts {
    private static final Logger LOGGER = LoggerFactory.getLogger(QuotaHosts.class);

    /** Names of one request that are looked up; each can take seconds. Those beyond count as unknown. */
    private static final int MAX_LOOKUPS = 100;

    private final Vertx vertx;

    QuotaHosts(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Completes on the caller's context. */
    Future<Set<String>> valid(AlterClientQuotasRequestData request) {
        List<String> names = request.entries().stream()
                .flatMap(entry -> entry.entity().stream())
                .filter(part -> part.entityType().equals(ClientQuotaEntity.IP)
                        && part.entityName() != null
                        && !part.entityName().isEmpty())
                .map(part -> part.entityName())
                .distinct()
                .limit(MAX_LOOKUPS)
                .toList();
        return names.isEmpty()
                ? Future.succeededFuture(Set.of())
                : vertx.executeBlocking(() -> resolvable(names), false);
    }

    private static Set<String> resolvable(List<String> names) {
        Set<String> found = new HashSet<>();
        for (String name : names) {
            try {
                InetAddress.getByName(name);
                found.add(name);
            } catch (UnknownHostException unknown) {
                LOGGER.debug("An address quota names an unknown host", unknown);
            }
        }
        return found;
    }
}
