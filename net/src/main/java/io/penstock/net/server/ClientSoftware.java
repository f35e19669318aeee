package io.penstock.net.server;

/** What the client library said about itself in ApiVersions (KIP-511). Immutable; both parts match the KIP's pattern. */
public record ClientSoftware(String name, String version) {
    /** The client is too old to tell, or has not told yet. */
    public static final ClientSoftware UNKNOWN = new ClientSoftware("unknown", "unknown");
}
