#!/usr/bin/env python3
"""Reads JSON records of a topic as a member of a consumer group whose offsets are committed automatically.

    python3 json_consumer.py --topic orders --count 10
    python3 json_consumer.py --topic orders --count 10 --assign     # all partitions, without a group

Needs confluent-kafka (Debian: python3-confluent-kafka, else: pip install confluent-kafka).
Exit code: 0 read as many as asked for, 1 fewer or an error, 2 wrong usage, 130 interrupted.
"""

import argparse
import json
import sys
import time

from confluent_kafka import OFFSET_BEGINNING, OFFSET_END, Consumer, KafkaError, KafkaException, TopicPartition


def parse_arguments():
    parser = argparse.ArgumentParser(description="Reads JSON records of a topic; offsets are committed automatically.")
    parser.add_argument("--bootstrap", default="localhost:9092", metavar="HOST:PORT", help="broker to start from")
    parser.add_argument("--topic", default="orders")
    parser.add_argument("--group", default="json-consumer", help="consumer group; its members share the partitions")
    parser.add_argument("--count", type=int, default=0, metavar="N", help="stop after N records; 0 goes on for ever")
    parser.add_argument("--timeout", type=float, default=30.0, metavar="S", help="give up after so long without one")
    parser.add_argument(
        "--from",
        dest="start",
        default="beginning",
        metavar="beginning|end|OFFSET",
        help="where to start; for a group, only where it has not committed an offset yet",
    )
    parser.add_argument("--assign", action="store_true", help="read all partitions without joining a group")
    arguments = parser.parse_args()
    if arguments.start not in ("beginning", "end") and not (arguments.assign and arguments.start.isdigit()):
        parser.error("--from must be beginning or end; with --assign also an offset")
    return arguments


def connect(arguments):
    """A consumer that has its partitions: by joining the group, or all of them by assignment."""
    consumer = Consumer(
        {
            "bootstrap.servers": arguments.bootstrap,
            "client.id": "json-consumer",
            "group.id": arguments.group,
            "enable.auto.commit": not arguments.assign,  # without a group there is nobody to remember offsets
            "auto.commit.interval.ms": 1000,
            "auto.offset.reset": "latest" if arguments.start == "end" else "earliest",
        }
    )
    if arguments.assign:
        consumer.assign(partitions(consumer, arguments.topic, arguments.start))
    else:
        consumer.subscribe([arguments.topic])
    return consumer


def partitions(consumer, topic, start):
    """All partitions of the topic, each with the offset to start from."""
    metadata = consumer.list_topics(topic, timeout=10).topics[topic]
    if metadata.error is not None:
        raise KafkaException(metadata.error)
    offset = {"beginning": OFFSET_BEGINNING, "end": OFFSET_END}.get(start)
    offset = int(start) if offset is None else offset
    return [TopicPartition(topic, partition, offset) for partition in metadata.partitions]


def records(consumer, timeout):
    """Yields records until none has come for so many seconds. Errors that may pass are shown, others raised."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        message = consumer.poll(0.5)
        if message is None:
            continue
        error = message.error()
        if error is None:
            yield message
            deadline = time.monotonic() + timeout
        elif error.retriable() or error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
            print(f"waiting: {error}", file=sys.stderr)
        else:
            raise KafkaException(error)


def show(message):
    """Prints one record. What is not JSON is shown as such and does not stop the reading."""
    place = f"{message.topic()}[{message.partition()}]@{message.offset()}"
    key = (message.key() or b"").decode(errors="replace")
    try:
        print(place, key, json.dumps(json.loads(message.value() or b"null")))
    except ValueError:
        print(f"{place} {key} is not JSON: {message.value()!r}", file=sys.stderr)


def main():
    arguments = parse_arguments()
    consumer = connect(arguments)
    count = 0
    try:
        for message in records(consumer, arguments.timeout):
            show(message)
            count += 1
            if count == arguments.count:
                break
    finally:
        consumer.close()  # commits what was read and leaves the group
    print(f"{count} records read", file=sys.stderr)
    return 0 if count >= arguments.count else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KafkaException as failure:
        sys.exit(f"error: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
