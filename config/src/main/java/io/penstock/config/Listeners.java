package io.penstock.config;

import io.penstock.config.setting.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the settings of listeners by Kafka's rules. Listeners of controllers are left out, so that the
 * configuration of a node that is broker and controller works as it is. Used once while a {@link BrokerConfig} is made.
 */
final class Listeners {

    private static final Pattern ADDRESS =
            Pattern.compile("([^:/]+)://(?:\\[([0-9a-fA-F:.]+(?:%[\\w.-]+)?)]|([^:\\[\\]/@]*)):([0-9]{1,5})");
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Set<String> PROTOCOLS = Set.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");

    private final List<Problem> problems;
    private final Set<String> controllerNames;

    private Listeners(SettingValues config, List<Problem> problems) {
        this.problems = problems;
        this.controllerNames = new HashSet<>();
        config.get(NetworkSettings.CONTROLLER_LISTENER_NAMES).forEach(name -> controllerNames.add(normal(name)));
    }

    /**
     * @param bound what to listen on, in the order given
     * @param advertised what to tell clients, by listener name; without an entry clients are told how they came
     */
    record Addresses(List<Listener> bound, Map<String, Listener> advertised) {
        Addresses {
            bound = List.copyOf(bound);
            advertised = Map.copyOf(advertised);
        }
    }

    /** Reads the addresses and adds what is wrong with them to {@code problems}. */
    static Addresses read(SettingValues config, List<Problem> problems) {
        Listeners reader = new Listeners(config, problems);
        List<Listener> bound = reader.bound(config);
        return new Addresses(bound, reader.advertised(config, bound));
    }

    private List<Listener> bound(SettingValues config) {
        String key = NetworkSettings.LISTENERS.key();
        Map<String, String> protocols = protocols(config.get(NetworkSettings.SECURITY_PROTOCOL_MAP));
        List<Listener> bound = clientListeners(key, config.get(NetworkSettings.LISTENERS), 0);
        Set<String> names = new HashSet<>();
        Map<Integer, Listener> byPort = new HashMap<>();
        for (Listener listener : bound) {
            checkProtocol(listener, protocols);
            if (!names.add(listener.name())) {
                report(key, listener.toString(), "each listener to have a name of its own");
            }
            Listener samePort = listener.port() == 0 ? null : byPort.put(listener.port(), listener);
            if (samePort != null && !areOfBothFamilies(samePort, listener)) {
                report(key, listener.toString(), "each listener to have a port of its own");
            }
        }
        if (bound.isEmpty()
                && problems.stream().noneMatch(problem -> problem.key().equals(key))) {
            report(
                    key,
                    String.join(",", config.get(NetworkSettings.LISTENERS)),
                    "at least one listener that is not named in controller.listener.names");
        }
        return bound;
    }

    private Map<String, Listener> advertised(SettingValues config, List<Listener> bound) {
        String key = NetworkSettings.ADVERTISED_LISTENERS.key();
        Set<String> names = new HashSet<>();
        bound.forEach(listener -> names.add(listener.name()));
        Map<String, Listener> advertised = new LinkedHashMap<>();
        Optional<List<String>> given = config.find(NetworkSettings.ADVERTISED_LISTENERS);
        for (Listener listener : clientListeners(key, given.orElse(List.of()), 1)) {
            if (!bound.isEmpty() && !names.contains(listener.name())) {
                report(key, listener.toString(), "a name that listeners has too: " + String.join(", ", names));
            } else if (listener.isWildcard()) {
                report(key, listener.toString(), "a host that clients can reach");
            } else if (advertised.put(listener.name(), listener) != null) {
                report(key, listener.toString(), "each listener to be advertised once");
            }
        }
        return advertised;
    }

    private List<Listener> clientListeners(String key, List<String> texts, int minPort) {
        List<Listener> listeners = new ArrayList<>();
        for (String text : texts) {
            Optional<Listener> listener = parse(text);
            if (listener.isEmpty() || listener.get().port() < minPort) {
                report(key, text, "NAME://host:port with a port from " + minPort + " to 65535");
            } else if (!controllerNames.contains(listener.get().name())) {
                listeners.add(listener.get());
            }
        }
        return listeners;
    }

    static Optional<Listener> parse(String text) {
        Matcher address = ADDRESS.matcher(text.trim());
        if (!address.matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(address.group(4));
        String host = address.group(2) != null ? address.group(2) : address.group(3);
        return port > 65_535
                ? Optional.empty()
                : Optional.of(new Listener(normal(address.group(1)), host == null ? "" : host.trim(), port));
    }

    private Map<String, String> protocols(String map) {
        String key = NetworkSettings.SECURITY_PROTOCOL_MAP.key();
        Map<String, String> protocols = new HashMap<>();
        for (String pair : map.isBlank() ? new String[0] : map.split(",", -1)) {
            int colon = pair.lastIndexOf(':');
            String protocol = normal(pair.substring(colon + 1));
            if (colon < 1 || !PROTOCOLS.contains(protocol)) {
                report(key, pair, "NAME:PROTOCOL with one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL");
            } else {
                protocols.put(normal(pair.substring(0, colon)), protocol);
            }
        }
        return protocols;
    }

    private void checkProtocol(Listener listener, Map<String, String> protocols) {
        String protocol = protocols.get(listener.name());
        if (protocol == null) {
            report(
                    NetworkSettings.LISTENERS.key(),
                    listener.toString(),
                    "a name that listener.security.protocol.map gives a protocol");
        } else if (!protocol.equals("PLAINTEXT")) {
            report(
                    NetworkSettings.LISTENERS.key(),
                    listener.toString(),
                    "a listener of protocol PLAINTEXT: " + protocol + " is not supported by this release");
        }
    }

    private static boolean areOfBothFamilies(Listener one, Listener other) {
        return (isIpv4(one) && isIpv6(other)) || (isIpv6(one) && isIpv4(other));
    }

    private static boolean isIpv4(Listener listener) {
        return IPV4.matcher(listener.host()).matches();
    }

    private static boolean isIpv6(Listener listener) {
        return listener.host().contains(":");
    }

    private static String normal(String name) {
        return name.trim().toUpperCase(Locale.ROOT);
    }

    private void report(String key, String value, String expected) {
        problems.add(Problem.of(key, value, expected));
    }
}
