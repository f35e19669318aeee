package io.penstock.core.metadata;

import org.jspecify.annotations.Nullable;

/**
 * Whom a client quota is for: a user, a client id, a user with one client id, or an address. Null means that this part does not
 * matter, {@link #DEFAULT} stands for whoever has no quota of their own. Immutable.
 *
 * @param user principal name without its type
 * @param clientId what clients call themselves
 * @param ip address literal or host name; never together with the others
 */
public record QuotaEntity(
        @Nullable String user,
        @Nullable String clientId,
        @Nullable String ip) {
    /** Name of a default; no real name is empty. */
    public static final String DEFAULT = "";

    public QuotaEntity {
        boolean isClient = user != null || clientId != null;
        if (isClient == (ip != null)) {
            throw new IllegalArgumentException("expected a user, a client id or both, or else an address, found user="
                    + user + " clientId=" + clientId + " ip=" + ip);
        }
    }

    public static QuotaEntity ofUser(String user) {
        return new QuotaEntity(user, null, null);
    }

    public static QuotaEntity ofClientId(String clientId) {
        return new QuotaEntity(null, clientId, null);
    }

    public static QuotaEntity of(String user, String clientId) {
        return new QuotaEntity(user, clientId, null);
    }

    public static QuotaEntity ofIp(String ip) {
        return new QuotaEntity(null, null, ip);
    }
}
