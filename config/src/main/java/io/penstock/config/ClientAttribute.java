package io.penstock.config;

import java.util.Optional;

/** What is known of a client, and by which a subscription of client metrics chooses clients. The names are KIP-714's. */
public enum ClientAttribute {
    CLIENT_INSTANCE_ID("client_instance_id"),
    CLIENT_ID("client_id"),
    CLIENT_SOFTWARE_NAME("client_software_name"),
    CLIENT_SOFTWARE_VERSION("client_software_version"),
    CLIENT_SOURCE_ADDRESS("client_source_address"),
    CLIENT_SOURCE_PORT("client_source_port");

    private final String label;

    ClientAttribute(String label) {
        this.label = label;
    }

    /** As written in a setting. */
    public String label() {
        return label;
    }

    static Optional<ClientAttribute> ofLabel(String label) {
        for (ClientAttribute attribute : values()) {
            if (attribute.label.equals(label)) {
                return Optional.of(attribute);
            }
        }
        return Optional.empty();
    }
}
