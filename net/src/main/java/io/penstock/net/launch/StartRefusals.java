package io.penstock.net.launch;

import io.penstock.core.BrokerStartException;
import io.penstock.net.cli.ExitCode;
import io.penstock.net.cli.Refusal;
import io.penstock.net.cli.Refusal.Detail;
import java.util.List;

/** Says in words why a server did not start, and with which code the process is to end. Stateless. */
final class StartRefusals {

    private StartRefusals() {}

    static Refusal of(Throwable failure) {
        if (failure instanceof PortUnavailableException port) {
            return ofPort(port);
        }
        if (failure instanceof BrokerStartException start) {
            return ofBroker(start);
        }
        return new Refusal(
                ExitCode.FAILURE,
                "the broker could not start: " + failure,
                List.of(),
                "see the stack trace; nothing was changed beyond what the log says");
    }

    private static Refusal ofPort(PortUnavailableException port) {
        List<Detail> details = List.of(new Detail("key", port.key()), new Detail("value", port.value()));
        return port.isInUse()
                ? new Refusal(
                        ExitCode.BUSY,
                        String.valueOf(port.getMessage()),
                        details,
                        "stop what uses it, or choose another one: --override " + port.key() + "=" + otherValue(port))
                : new Refusal(
                        ExitCode.BAD_CONFIGURATION,
                        String.valueOf(port.getMessage()),
                        details,
                        "name an address of this machine and a port that this user may open, or 0.0.0.0 for all addresses");
    }

    /** Port 0 takes any free one. */
    private static String otherValue(PortUnavailableException port) {
        String value = port.value();
        int colon = value.lastIndexOf(':');
        return colon < 0 ? "0" : value.substring(0, colon) + ":0";
    }

    private static Refusal ofBroker(BrokerStartException start) {
        String message = String.valueOf(start.getMessage());
        return switch (start.kind()) {
            case PORT_OR_DIRECTORY_BUSY ->
                new Refusal(
                        ExitCode.BUSY,
                        message,
                        List.of(),
                        "--override log.dirs=DIRECTORY gives this broker a directory of its own");
            case BAD_CONFIGURATION ->
                new Refusal(ExitCode.BAD_CONFIGURATION, message, List.of(), "correct the configuration");
            case FAILURE ->
                new Refusal(ExitCode.FAILURE, message, List.of(), "see the stack trace for what went wrong");
        };
    }
}
