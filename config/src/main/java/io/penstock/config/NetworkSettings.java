package io.penstock.config;

import static io.penstock.config.setting.Importance.HIGH;
import static io.penstock.config.setting.Importance.LOW;
import static io.penstock.config.setting.Rule.any;
import static io.penstock.config.setting.Rule.atLeast;
import static io.penstock.config.setting.Rule.between;
import static io.penstock.config.setting.Rule.nonEmptyList;
import static io.penstock.config.setting.Rule.oneOf;
import static io.penstock.config.setting.UpdateMode.CLUSTER_WIDE;

import io.penstock.config.setting.Effect;
import io.penstock.config.setting.Rule;
import io.penstock.config.setting.Setting;
import java.util.List;
import java.util.Set;

/** Settings of listeners, sockets, the limits that protect the front end, and the HTTP port. */
public final class NetworkSettings {

    public static final Setting<List<String>> LISTENERS = Setting.ofList(
                    "listeners",
                    List.of("PLAINTEXT://localhost:9092"),
                    nonEmptyList(),
                    "Addresses to listen on, each NAME://host:port. localhost means loopback of IPv4 and IPv6; an "
                            + "empty host or 0.0.0.0 means every interface; port 0 means any free one. Listeners "
                            + "named by controller.listener.names are ignored.")
            .importance(HIGH);

    public static final Setting<List<String>> ADVERTISED_LISTENERS = Setting.ofList(
                    "advertised.listeners",
                    null,
                    nonEmptyList(),
                    "Addresses told to clients, each NAME://host:port, where these differ from those listened on. "
                            + "For a listener left out a client is told the address on which it really reached the "
                            + "broker.")
            .importance(HIGH);

    public static final Setting<String> SECURITY_PROTOCOL_MAP = Setting.ofString(
                    "listener.security.protocol.map",
                    "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT",
                    any(),
                    "Security protocol of each listener name, as NAME:PROTOCOL pairs. Only PLAINTEXT is supported "
                            + "as yet.")
            .importance(LOW);

    public static final Setting<List<String>> CONTROLLER_LISTENER_NAMES = Setting.ofList(
                    "controller.listener.names",
                    List.of(),
                    Rule.noEmptyElement(),
                    "Names of listeners meant for Kafka's controllers. Nothing listens on these here.")
            .importance(HIGH);

    public static final Setting<String> TRANSPORT = Setting.ofString(
                    "penstock.transport",
                    "auto",
                    oneOf("auto", "nio", "epoll", "epoll_busy", "io_uring"),
                    "How sockets are driven: auto takes the best that the machine offers; a named one that is "
                            + "missing fails the start. With epoll_busy the event loops never sleep: each takes a "
                            + "whole processor (see penstock.event.loops) and saves the microseconds of waking up.")
            .importance(LOW);

    public static final Setting<Integer> EVENT_LOOP_SPIN_US = Setting.ofInt(
                    "penstock.event.loops.spin.us",
                    50,
                    between(0, 1_000),
                    "How many microseconds an event loop looks for work before it sleeps, as long as it mostly finds "
                            + "some; 0 for never. To be woken takes tens of microseconds on a virtual machine, for "
                            + "which clients with one request in flight wait each time. Idle event loops sleep. Only "
                            + "with epoll, and not on a single processor.")
            .importance(LOW);

    public static final Setting<Integer> SEND_BUFFER_BYTES = Setting.ofInt(
                    "socket.send.buffer.bytes",
                    102_400,
                    atLeast(-1),
                    "Size of the socket's send buffer in bytes; -1 leaves it to the operating system.")
            .importance(HIGH);

    public static final Setting<Integer> RECEIVE_BUFFER_BYTES = Setting.ofInt(
                    "socket.receive.buffer.bytes",
                    102_400,
                    atLeast(-1),
                    "Size of the socket's receive buffer in bytes; -1 leaves it to the operating system.")
            .importance(HIGH);

    public static final Setting<Integer> LISTEN_BACKLOG = Setting.ofInt(
            "socket.listen.backlog.size",
            50,
            atLeast(1),
            "Connections that may wait to be accepted. The operating system may cap it (somaxconn).");

    public static final Setting<Integer> REQUEST_MAX_BYTES = Setting.ofInt(
                    "socket.request.max.bytes",
                    104_857_600,
                    atLeast(1),
                    "Largest request in bytes; a connection that announces a larger one is closed.")
            .importance(HIGH);

    public static final Setting<Long> QUEUED_MAX_REQUEST_BYTES = Setting.ofLong(
            "queued.max.request.bytes",
            -1L,
            any(),
            "Bytes of received requests that the whole broker may hold, if that is to be less than "
                    + "penstock.request.memory.bytes. 0 or negative sets no further bound; a positive value must "
                    + "be at least socket.request.max.bytes.");

    public static final Setting<Long> REQUEST_MEMORY_BYTES = Setting.ofLong(
            "penstock.request.memory.bytes",
            268_435_456L,
            atLeast(1_048_576),
            "Bytes of received requests, whole or partial, that the whole broker may hold in memory. Beyond it "
                    + "reading pauses until answers have left.");

    public static final Setting<Integer> CONNECTION_MAX_IN_FLIGHT_REQUESTS = Setting.ofInt(
            "penstock.connection.max.in.flight.requests",
            64,
            between(1, 65_536),
            "Requests of one connection that may be served at the same time. Beyond it reading from this "
                    + "connection pauses.");

    public static final Setting<Integer> CONNECTION_MAX_IN_FLIGHT_BYTES = Setting.ofInt(
            "penstock.connection.max.in.flight.bytes",
            33_554_432,
            atLeast(1),
            "Bytes of requests of one connection that may be served at the same time; a single larger request is "
                    + "served alone. Beyond it reading from this connection pauses.");

    public static final Setting<Long> PARTIAL_FRAME_TIMEOUT_MS = Setting.ofLong(
            "penstock.request.partial.frame.timeout.ms",
            10_000L,
            atLeast(1),
            "Milliseconds after which a connection is closed whose half-received request does not come on.");

    public static final Setting<Long> CONNECTIONS_MAX_IDLE_MS = Setting.ofLong(
            "connections.max.idle.ms",
            600_000L,
            any(),
            "Milliseconds after which a connection without any request is closed; negative means never.");

    public static final Setting<Integer> MAX_CONNECTIONS = Setting.ofInt(
                    "max.connections",
                    Integer.MAX_VALUE,
                    atLeast(0),
                    "Open connections that the broker admits; further ones wait until there is room. Can be set for a "
                            + "single listener too, as listener.name.NAME.max.connections.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Integer> MAX_CONNECTIONS_PER_IP = Setting.ofInt(
                    "max.connections.per.ip",
                    Integer.MAX_VALUE,
                    atLeast(0),
                    "Open connections admitted from one address. May be 0 only if max.connections.per.ip.overrides "
                            + "lists exceptions.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<String> MAX_CONNECTIONS_PER_IP_OVERRIDES = Setting.ofString(
                    "max.connections.per.ip.overrides",
                    "",
                    ConnectionLimits.RULE,
                    "Exceptions from max.connections.per.ip: comma-separated pairs host:count, for example "
                            + "127.0.0.1:200,gateway:50.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Integer> MAX_CONNECTION_CREATION_RATE = Setting.ofInt(
                    "max.connection.creation.rate",
                    Integer.MAX_VALUE,
                    atLeast(0),
                    "New connections per second that the broker admits; further ones wait. Can be set for a single "
                            + "listener too, as listener.name.NAME.max.connection.creation.rate.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Integer> FAILED_AUTHENTICATION_DELAY_MS = Setting.ofInt(
                    "connection.failed.authentication.delay.ms",
                    100,
                    atLeast(0),
                    "Milliseconds by which the answer to a failed authentication is delayed. Must be less than "
                            + "connections.max.idle.ms.")
            .importance(LOW)
            .effect(Effect.PLANNED);

    public static final Setting<Integer> FETCH_MAX_BYTES = Setting.ofInt(
            "fetch.max.bytes",
            57_671_680,
            atLeast(1024),
            "Most bytes in one answer to a fetch, whatever the client asks for; the first batch is always sent whole.");

    public static final Setting<Integer> FETCH_SESSION_SLOTS = Setting.ofInt(
            "max.incremental.fetch.session.cache.slots",
            1000,
            atLeast(0),
            "Incremental fetch sessions that the broker remembers; clients beyond it send full requests.");

    public static final Setting<Integer> TELEMETRY_MAX_BYTES = Setting.ofInt(
                    "telemetry.max.bytes",
                    1_048_576,
                    atLeast(1),
                    "Most bytes of metrics that a client may push at a time, compressed as they come.")
            .importance(LOW);

    public static final Setting<Integer> MAX_REQUEST_PARTITIONS = Setting.ofInt(
            "max.request.partition.size.limit",
            2000,
            atLeast(1),
            "Most partitions in one answer to a request that pages through descriptions of topics.");

    public static final Setting<Integer> HTTP_PORT = Setting.ofInt(
                    "http.port",
                    9644,
                    between(-1, 65_535),
                    "Port of health and metrics over HTTP; 0 means any free one, -1 none at all.")
            .importance(HIGH);

    public static final Setting<String> HTTP_HOST = Setting.ofString(
            "http.host",
            "localhost",
            Rule.nonEmpty(),
            "Interface of the HTTP port. 0.0.0.0 opens it to the network, which nothing guards as yet.");

    /** Those that can be given for a single listener. */
    static final Set<Setting<?>> OF_LISTENER = Set.of(MAX_CONNECTIONS, MAX_CONNECTION_CREATION_RATE);

    static final List<Setting<?>> ALL = List.of(
            LISTENERS,
            ADVERTISED_LISTENERS,
            SECURITY_PROTOCOL_MAP,
            CONTROLLER_LISTENER_NAMES,
            TRANSPORT,
            EVENT_LOOP_SPIN_US,
            SEND_BUFFER_BYTES,
            RECEIVE_BUFFER_BYTES,
            LISTEN_BACKLOG,
            REQUEST_MAX_BYTES,
            QUEUED_MAX_REQUEST_BYTES,
            REQUEST_MEMORY_BYTES,
            CONNECTION_MAX_IN_FLIGHT_REQUESTS,
            CONNECTION_MAX_IN_FLIGHT_BYTES,
            PARTIAL_FRAME_TIMEOUT_MS,
            CONNECTIONS_MAX_IDLE_MS,
            MAX_CONNECTIONS,
            MAX_CONNECTIONS_PER_IP,
            MAX_CONNECTIONS_PER_IP_OVERRIDES,
            MAX_CONNECTION_CREATION_RATE,
            FAILED_AUTHENTICATION_DELAY_MS,
            FETCH_MAX_BYTES,
            FETCH_SESSION_SLOTS,
            MAX_REQUEST_PARTITIONS,
            TELEMETRY_MAX_BYTES,
            HTTP_PORT,
            HTTP_HOST);

    private NetworkSettings() {}
}
