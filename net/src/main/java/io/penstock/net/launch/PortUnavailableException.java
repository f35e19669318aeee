package io.penstock.net.launch;

import java.net.BindException;

/** An address of the configuration that cannot be bound. */
public final class PortUnavailableException extends RuntimeException {
    private final String key;
    private final String value;
    private final boolean isInUse;

    PortUnavailableException(String key, String value, String host, int port, Throwable cause) {
        super(describe(host, port, cause), cause);
        this.key = key;
        this.value = value;
        this.isInUse = isInUse(cause);
    }

    private static String describe(String host, int port, Throwable cause) {
        String address = "port " + port + " of " + (host.isEmpty() ? "this machine" : host);
        return isInUse(cause) ? address + " is in use" : "cannot listen on " + address + ": " + reason(cause);
    }

    private static String reason(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /** The JDK tells a port in use from an address that is not ours by its text only. */
    private static boolean isInUse(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof BindException
                    && String.valueOf(each.getMessage()).contains("in use")) {
                return true;
            }
        }
        return String.valueOf(cause.getMessage()).contains("in use");
    }

    /** The setting to change. */
    public String key() {
        return key;
    }

    public String value() {
        return value;
    }

    /** Whether somebody else has it; otherwise it cannot be ours at all. */
    public boolean isInUse() {
        return isInUse;
    }
}
