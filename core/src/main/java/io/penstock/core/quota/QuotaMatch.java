package io.penstock.core.quota;

import io.penstock.core.metadata.ClientQuotas;
import io.penstock.core.metadata.QuotaEntity;
import io.penstock.core.metadata.QuotaKey;
import org.jspecify.annotations.Nullable;

/**
 * The quota that holds for one client, and with whom the client shares it. Immutable.
 *
 * <p>The most specific of these wins; D is the default of its kind. Clients with the same shared names are measured together.
 *
 * <pre>
 *      quota of               shared by
 * 1    (user, client id)      user and client id
 * 2    (user, D)              user and client id
 * 3    user                   user
 * 4    (D, client id)         user and client id
 * 5    (D, D)                 user and client id
 * 6    D user                 user
 * 7    client id              client id
 * 8    D client id            client id
 * </pre>
 *
 * @param source whose quota it is
 * @param user the user who is measured; empty if users do not matter
 * @param clientId the client id that is measured; empty if client ids do not matter
 * @param limitPerSecond in the unit of the key
 */
record QuotaMatch(QuotaEntity source, String user, String clientId, double limitPerSecond) {

    /** The quota of this kind for a client; null if there is none. */
    static @Nullable QuotaMatch find(ClientQuotas quotas, QuotaKey key, String user, String clientId) {
        return clientId.isEmpty()
                ? withoutClientId(quotas, key, user)
                : new Search(quotas, key, user, clientId).mostSpecific();
    }

    /** Kafka has no place for clients that give no name among the quotas for client ids: only those for users hold. */
    private static @Nullable QuotaMatch withoutClientId(ClientQuotas quotas, QuotaKey key, String user) {
        Search search = new Search(quotas, key, user, "");
        QuotaMatch own = search.of(QuotaEntity.ofUser(user), user, "");
        return own != null ? own : search.of(QuotaEntity.ofUser(QuotaEntity.DEFAULT), user, "");
    }

    private record Search(ClientQuotas quotas, QuotaKey key, String user, String clientId) {
        @Nullable
        QuotaMatch mostSpecific() {
            QuotaMatch found = ofUser(user);
            if (found == null) {
                found = ofUser(QuotaEntity.DEFAULT);
            }
            if (found == null) {
                found = of(QuotaEntity.ofClientId(clientId), "", clientId);
            }
            return found != null ? found : of(QuotaEntity.ofClientId(QuotaEntity.DEFAULT), "", clientId);
        }

        private @Nullable QuotaMatch ofUser(String userOrDefault) {
            QuotaMatch found = of(QuotaEntity.of(userOrDefault, clientId), user, clientId);
            if (found == null) {
                found = of(QuotaEntity.of(userOrDefault, QuotaEntity.DEFAULT), user, clientId);
            }
            return found != null ? found : of(QuotaEntity.ofUser(userOrDefault), user, "");
        }

        @Nullable
        QuotaMatch of(QuotaEntity entity, String sharedUser, String sharedClientId) {
            Double limit = quotas.find(entity, key);
            return limit == null ? null : new QuotaMatch(entity, sharedUser, sharedClientId, limit);
        }
    }
}
