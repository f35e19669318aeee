"""The usual work of confluent-kafka. Run by ConfluentKafkaIT with BOOTSTRAP in the environment; exit code 0 only if every claim holds."""

import os
import sys
import time
import traceback

from confluent_kafka import OFFSET_INVALID, Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic

BOOTSTRAP = os.environ["BOOTSTRAP"]
LIMIT_S = 30

admin = AdminClient({"bootstrap.servers": BOOTSTRAP})


def result(futures):
    """The results of an admin call by name."""
    return {key: future.result(LIMIT_S) for key, future in futures.items()}


def create(topic, partitions=1, **config):
    result(admin.create_topics([NewTopic(topic, partitions, 1, config=config)]))


def produce(topic, count, partitions=1, **config):
    failed = []
    producer = Producer({"bootstrap.servers": BOOTSTRAP, **config})
    for number in range(count):
        producer.produce(
            topic,
            key=f"k{number}",
            value=f"v{number}",
            partition=number % partitions,
            timestamp=1_700_000_000_000 + number,
            headers=[("h", str(number))],
            on_delivery=lambda error, _: failed.append(error) if error else None,
        )
    assert producer.flush(LIMIT_S) == 0 and not failed, failed


def member(group, **config):
    return Consumer(
        {
            "bootstrap.servers": BOOTSTRAP,
            "group.id": group,
            "auto.offset.reset": "earliest",
            "heartbeat.interval.ms": 500,
            "session.timeout.ms": 6000,
            **config,
        }
    )


def read(consumer, count):
    messages = []
    deadline = time.monotonic() + LIMIT_S
    while len(messages) < count:
        assert time.monotonic() < deadline, f"{len(messages)} of {count} records came"
        message = consumer.poll(0.2)
        if message is not None:
            assert message.error() is None, message.error()
            messages.append(message)
    return messages


def until(what, question, consumers=()):
    """Waits for yes, and lets the consumers do their part meanwhile."""
    deadline = time.monotonic() + LIMIT_S
    while not question():
        assert time.monotonic() < deadline, f"not within {LIMIT_S} s: {what}"
        for consumer in consumers:
            consumer.poll(0.05)


def assigned(consumer):
    return sorted(partition.partition for partition in consumer.assignment())


def topics_are_created_grown_and_deleted():
    create("admin", 2)
    try:
        create("admin")
        raise AssertionError("created twice")
    except KafkaException as error:
        assert error.args[0].code() == KafkaError.TOPIC_ALREADY_EXISTS, error
    result(admin.create_partitions([NewPartitions("admin", 5)]))
    assert len(admin.list_topics("admin", LIMIT_S).topics["admin"].partitions) == 5
    result(admin.delete_topics(["admin"]))
    assert "admin" not in admin.list_topics(timeout=LIMIT_S).topics


def settings_are_described_and_altered():
    create("configured", 1, **{"retention.ms": "1234567"})
    resource = ConfigResource(ConfigResource.Type.TOPIC, "configured")
    described = result(admin.describe_configs([resource]))[resource]
    assert described["retention.ms"].value == "1234567"
    assert described["cleanup.policy"].is_default and len(described) > 20
    result(admin.alter_configs([ConfigResource(ConfigResource.Type.TOPIC, "configured", {"max.message.bytes": "2000"})]))
    described = result(admin.describe_configs([resource]))[resource]
    assert (described["max.message.bytes"].value, described["retention.ms"].value) == ("2000", "604800000")


def records_keep_key_value_headers_and_time():
    for codec in ("none", "gzip", "snappy", "lz4", "zstd"):
        topic = f"codec-{codec}"
        create(topic)
        produce(topic, 50, **{"compression.type": codec, "enable.idempotence": True, "linger.ms": 50})
        consumer = member(f"g-{codec}", **{"check.crcs": True})
        consumer.subscribe([topic])
        last = read(consumer, 50)[-1]
        consumer.close()
        assert (last.key(), last.value(), last.headers()) == (b"k49", b"v49", [("h", b"49")])
        assert last.timestamp()[1] == 1_700_000_000_049


def nothing_is_committed_but_by_hand():
    create("by-hand")
    produce("by-hand", 10)
    place = TopicPartition("by-hand", 0)
    consumer = member("g-by-hand", **{"enable.auto.commit": False})
    consumer.subscribe(["by-hand"])
    messages = read(consumer, 10)
    assert consumer.committed([place], LIMIT_S)[0].offset == OFFSET_INVALID
    consumer.commit(messages[3], asynchronous=False)
    assert consumer.committed([place], LIMIT_S)[0].offset == 4
    consumer.close()
    again = member("g-by-hand")
    again.subscribe(["by-hand"])
    assert read(again, 1)[0].offset() == 4
    again.close()


def stored_offsets_are_committed_in_the_background():
    create("stored")
    produce("stored", 6)
    commits = []
    consumer = member(
        "g-stored",
        **{
            "enable.auto.offset.store": False,
            "auto.commit.interval.ms": 200,
            "on_commit": lambda error, offsets: commits.append((error, offsets[0].offset)),
        },
    )
    consumer.subscribe(["stored"])
    consumer.store_offsets(read(consumer, 6)[4])
    until("the stored offset is committed", lambda: (None, 5) in commits, [consumer])
    consumer.close()


def positions_are_found_and_changed():
    create("moved")
    produce("moved", 20)
    place = TopicPartition("moved", 0)
    consumer = member("g-moved")
    assert consumer.get_watermark_offsets(place, LIMIT_S) == (0, 20)
    by_time = consumer.offsets_for_times([TopicPartition("moved", 0, 1_700_000_000_007)], LIMIT_S)
    assert by_time[0].offset == 7
    consumer.assign([TopicPartition("moved", 0, 15)])
    assert read(consumer, 5)[0].offset() == 15
    consumer.seek(TopicPartition("moved", 0, 3))
    assert read(consumer, 1)[0].offset() == 3
    consumer.pause([place])
    assert consumer.poll(0.5) is None
    consumer.resume([place])
    read(consumer, 1)
    consumer.close()


def members_share_partitions(strategy):
    topic = f"shared-{strategy}"
    create(topic, 4)
    produce(topic, 8, partitions=4)
    consumers = []
    for _ in range(2):
        consumers.append(member(f"g-{topic}", **{"partition.assignment.strategy": strategy}))
        consumers[-1].subscribe([topic])
    until("two partitions each", lambda: all(len(c.assignment()) == 2 for c in consumers), consumers)
    assert sorted(assigned(consumers[0]) + assigned(consumers[1])) == [0, 1, 2, 3]
    groups = admin.list_groups(f"g-{topic}", LIMIT_S)
    assert (groups[0].state, groups[0].protocol, len(groups[0].members)) == ("Stable", strategy, 2)
    consumers.pop().close()
    until("all four", lambda: assigned(consumers[0]) == [0, 1, 2, 3], consumers)
    consumers[0].close()


def eager_members_share_partitions():
    members_share_partitions("range")


def cooperative_members_share_partitions():
    members_share_partitions("cooperative-sticky")


def a_static_member_comes_back_to_its_partitions():
    create("static", 2)
    other = member("g-static", **{"group.instance.id": "a"})
    other.subscribe(["static"])
    until("both", lambda: assigned(other) == [0, 1], [other])
    leaver = member("g-static", **{"group.instance.id": "b"})
    leaver.subscribe(["static"])
    until("one each", lambda: len(assigned(other)) == 1 and len(assigned(leaver)) == 1, [other, leaver])
    before = assigned(leaver)
    leaver.close()  # a static member does not leave its group
    back = member("g-static", **{"group.instance.id": "b"})
    back.subscribe(["static"])
    until("its partition", lambda: assigned(back) == before, [back, other])
    assert len(admin.list_groups("g-static", LIMIT_S)[0].members) == 2
    back.close()
    other.close()


CLAIMS = [
    topics_are_created_grown_and_deleted,
    settings_are_described_and_altered,
    records_keep_key_value_headers_and_time,
    nothing_is_committed_but_by_hand,
    stored_offsets_are_committed_in_the_background,
    positions_are_found_and_changed,
    eager_members_share_partitions,
    cooperative_members_share_partitions,
    a_static_member_comes_back_to_its_partitions,
]

if __name__ == "__main__":
    for claim in CLAIMS:
        try:
            claim()
        except Exception:  # whatever it is, it is shown and fails the run
            print(f"failed: {claim.__name__}")
            traceback.print_exc()
            sys.exit(1)
        print(f"ok: {claim.__name__}")
