package io.penstock.config;

import static io.penstock.config.setting.Rule.any;
import static io.penstock.config.setting.Rule.between;
import static io.penstock.config.setting.Rule.oneOf;

import io.penstock.config.setting.Setting;
import java.util.List;

/**
 * Topic settings of the delivery contract, which Kafka does not have. They have no broker-wide defaults: a contract is agreed on with
 * the applications of a topic, and one that came over all topics at once would refuse whoever does not know of it.
 */
public final class DeliverySettings {
    /** Value of {@link #DELIVERY} that turns the contract on. */
    static final String EXACTLY_ONCE = "exactly-once";

    /** Value of {@link #UNSAFE} that waits instead of refusing. */
    static final String UPGRADE = "upgrade";

    public static final Setting<String> DELIVERY = Setting.ofString(
            "penstock.delivery",
            "kafka",
            oneOf("kafka", EXACTLY_ONCE),
            "What every client can rely on: kafka leaves it to the clients; with exactly-once, produces that may lose or "
                    + "double records are refused and records of aborted transactions are served to nobody.");

    public static final Setting<String> UNSAFE = Setting.ofString(
            "penstock.delivery.unsafe",
            "refuse",
            oneOf("refuse", UPGRADE),
            "Under exactly-once, what becomes of produces with acks=0 or acks=1: refuse, or upgrade, which waits as for "
                    + "acks=all before it answers.");

    public static final Setting<String> DEDUP_HEADER = Setting.ofString(
            "penstock.dedup.header",
            "",
            any(),
            "Name of the record header that holds a message id. A record whose id was appended not long ago is dropped "
                    + "and acknowledged. Empty for none.");

    public static final Setting<Long> DEDUP_WINDOW_MS = Setting.ofLong(
            "penstock.dedup.window.ms",
            600_000L,
            between(1_000, 7 * 86_400_000L),
            "Milliseconds after its append for which a message id is remembered.");

    public static final Setting<Integer> DEDUP_WINDOW_SIZE = Setting.ofInt(
            "penstock.dedup.window.size",
            100_000,
            between(1, 1_000_000),
            "Message ids of so many last offsets of each partition are remembered, at most; each takes about 50 bytes "
                    + "of memory. A batch with more records than that, or than 20000, is refused.");

    static final List<Setting<?>> ALL = List.of(DELIVERY, UNSAFE, DEDUP_HEADER, DEDUP_WINDOW_MS, DEDUP_WINDOW_SIZE);

    private DeliverySettings() {}
}
