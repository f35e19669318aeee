#!/usr/bin/env python3
"""Writes JSON records to a topic and waits until the broker has acknowledged every one of them.

    python3 json_producer.py --topic orders --count 10

Needs confluent-kafka (Debian: python3-confluent-kafka, else: pip install confluent-kafka).
Exit code: 0 all acknowledged, 1 some not, 2 wrong usage, 130 interrupted.
"""

import argparse
import json
import sys
import time

from confluent_kafka import KafkaException, Producer


def parse_arguments():
    parser = argparse.ArgumentParser(description="Writes JSON records to a topic.")
    parser.add_argument("--bootstrap", default="localhost:9092", metavar="HOST:PORT", help="broker to start from")
    parser.add_argument("--topic", default="orders")
    parser.add_argument("--count", type=int, default=10, metavar="N", help="records to write")
    parser.add_argument("--keys", type=int, default=3, metavar="N", help="number of different keys")
    parser.add_argument("--acks", default="all", choices=["0", "1", "all"])
    parser.add_argument("--compression", default="none", choices=["none", "gzip", "snappy", "lz4", "zstd"])
    parser.add_argument("--timeout", type=float, default=30.0, metavar="S", help="seconds to wait for acknowledgements")
    parser.add_argument("--quiet", action="store_true", help="print only the summary")
    arguments = parser.parse_args()
    if arguments.count < 0 or arguments.keys < 1:
        parser.error("--count must be at least 0 and --keys at least 1")
    return arguments


class DeliveryReport:
    """Counts what became of every record. librdkafka calls it from poll() and flush()."""

    def __init__(self, quiet):
        self.quiet = quiet
        self.acknowledged = 0
        self.failed = 0

    def __call__(self, error, message):
        if error is not None:
            self.failed += 1
            print(f"not delivered: {error}", file=sys.stderr)
            return
        self.acknowledged += 1
        if not self.quiet:
            key = message.key().decode()
            print(f"{message.topic()}[{message.partition()}]@{message.offset()} {key} {message.value().decode()}")


def order(number, keys):
    """A record: its key decides the partition, so that orders of one customer stay in order."""
    customer = f"customer-{number % keys}"
    return customer, {"order": number, "customer": customer, "cents": 100 + number, "at": int(time.time() * 1000)}


def produce(producer, topic, key, value, report):
    """Hands one record over; when the client's queue is full, waits until acknowledgements have made room."""
    while True:
        try:
            producer.produce(topic, key=key, value=json.dumps(value), on_delivery=report)
            return
        except BufferError:
            producer.poll(0.1)


def main():
    arguments = parse_arguments()
    report = DeliveryReport(arguments.quiet)
    producer = Producer(
        {
            "bootstrap.servers": arguments.bootstrap,
            "client.id": "json-producer",
            "acks": arguments.acks,
            "compression.type": arguments.compression,
            "message.timeout.ms": int(arguments.timeout * 1000),
        }
    )
    started = time.monotonic()
    for number in range(arguments.count):
        key, value = order(number, arguments.keys)
        produce(producer, arguments.topic, key, value, report)
        producer.poll(0)  # serves delivery reports without waiting
    unanswered = producer.flush(arguments.timeout + 1)

    seconds = time.monotonic() - started
    print(
        f"{report.acknowledged} acknowledged, {report.failed} failed, {unanswered} unanswered in {seconds:.2f} s",
        file=sys.stderr,
    )
    return 0 if report.acknowledged == arguments.count else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KafkaException as failure:
        sys.exit(f"error: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
