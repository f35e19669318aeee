#!/usr/bin/env python3
"""Reads JSON records of a topic in batches and commits the offsets itself, after a batch has been dealt with.

A record is read again if the program ends between its work and the commit, and is never lost: at least once.

    python3 json_consumer_manual_commit.py --topic orders --count 10 --batch 5
    python3 json_consumer_manual_commit.py --topic orders --count 10 --assign     # no group, no commits

Needs confluent-kafka (Debian: python3-confluent-kafka, else: pip install confluent-kafka).
Exit code: 0 read as many as asked for, 1 fewer or an error, 2 wrong usage, 130 interrupted.
"""

import argparse
import json
import sys
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition


def parse_arguments():
    parser = argparse.ArgumentParser(description="Reads JSON records of a topic and commits offsets after each batch.")
    parser.add_argument("--bootstrap", default="localhost:9092", metavar="HOST:PORT", help="broker to start from")
    parser.add_argument("--topic", default="orders")
    parser.add_argument("--group", default="json-consumer-manual", help="group whose members share the partitions")
    parser.add_argument("--count", type=int, default=0, metavar="N", help="stop after N records; 0 goes on for ever")
    parser.add_argument("--batch", type=int, default=100, metavar="N", help="records between two commits")
    parser.add_argument("--timeout", type=float, default=30.0, metavar="S", help="give up after so long without one")
    parser.add_argument("--assign", action="store_true", help="read all partitions without joining a group")
    arguments = parser.parse_args()
    if arguments.batch < 1:
        parser.error("--batch must be at least 1")
    return arguments


def connect(arguments):
    """A consumer that has its partitions: by joining the group, or all of them by assignment."""
    consumer = Consumer(
        {
            "bootstrap.servers": arguments.bootstrap,
            "client.id": "json-consumer-manual",
            "group.id": arguments.group,
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
        }
    )
    if not arguments.assign:
        consumer.subscribe([arguments.topic])
        return consumer
    metadata = consumer.list_topics(arguments.topic, timeout=10).topics[arguments.topic]
    if metadata.error is not None:
        raise KafkaException(metadata.error)
    consumer.assign([TopicPartition(arguments.topic, number, OFFSET_BEGINNING) for number in metadata.partitions])
    return consumer


def batches(consumer, size, timeout):
    """Yields lists of up to so many records until none has come for so many seconds."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        batch = [message for message in consumer.consume(size, timeout=0.5) if is_record(message)]
        if batch:
            yield batch
            deadline = time.monotonic() + timeout


def is_record(message):
    """Whether the message is a record. Errors that may pass are shown, others raised."""
    error = message.error()
    if error is None:
        return True
    if error.retriable() or error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
        print(f"waiting: {error}", file=sys.stderr)
        return False
    raise KafkaException(error)


def work(message):
    """Stands for what an application does with a record."""
    place = f"{message.topic()}[{message.partition()}]@{message.offset()}"
    try:
        print(place, json.dumps(json.loads(message.value() or b"null")))
    except ValueError:
        print(f"{place} is not JSON: {message.value()!r}", file=sys.stderr)


def commit(consumer, batch):
    """Commits the offset after the last record of each partition, and waits for the answer."""
    positions = {}
    for message in batch:
        positions[message.partition()] = TopicPartition(message.topic(), message.partition(), message.offset() + 1)
    for position in consumer.commit(offsets=list(positions.values()), asynchronous=False):
        if position.error is not None:
            raise KafkaException(position.error)
        print(f"committed {position.topic}[{position.partition}]@{position.offset}", file=sys.stderr)


def main():
    arguments = parse_arguments()
    consumer = connect(arguments)
    count = 0
    try:
        size = min(arguments.batch, arguments.count) if arguments.count > 0 else arguments.batch
        for batch in batches(consumer, size, arguments.timeout):
            if arguments.count > 0:
                batch = batch[: arguments.count - count]  # what is over the count stays uncommitted
            for message in batch:
                work(message)
            if not arguments.assign:
                commit(consumer, batch)
            count += len(batch)
            if count == arguments.count:
                break
    finally:
        consumer.close()  # leaves the group
    print(f"{count} records read", file=sys.stderr)
    return 0 if count >= arguments.count else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KafkaException as failure:
        sys.exit(f"error: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
