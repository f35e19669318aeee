package io.penstock.net.http;

import java.util.List;

/** Looks at the broker when asked. Called on an event loop, so answers must be at hand. Safe from any thread. */
public interface Health {
    /** Whether the process works at all; if one of these fails it should be restarted. */
    List<HealthCheck> live();

    /** Whether clients should be sent here now; false while starting and while stopping. */
    List<HealthCheck> ready();
}
