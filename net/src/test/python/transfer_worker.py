"""Moves records from one topic to another, each in a transaction with its offset, until it is killed.

Some transactions it aborts on purpose. Ends with code 3 when its producer is of no use any more.
Arguments: bootstrap server, slot of this worker, group, topic to read, topic to write.
"""
import random
import sys

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

BOOTSTRAP, SLOT, GROUP, SOURCE, TARGET = sys.argv[1:]
ABORTED_PART = 0.1
REQUEST_S = 30

producer = Producer({
    "bootstrap.servers": BOOTSTRAP,
    "transactional.id": f"{GROUP}-{SLOT}",
    "transaction.timeout.ms": 20000,
    "linger.ms": 5,
    "reconnect.backoff.max.ms": 200,
})
consumer = Consumer({
    "bootstrap.servers": BOOTSTRAP,
    "group.id": GROUP,
    "isolation.level": "read_committed",
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "auto.offset.reset": "earliest",
    "session.timeout.ms": 2000,
    "heartbeat.interval.ms": 300,
    "reconnect.backoff.max.ms": 200,
})


class AbortedOnPurpose(Exception):
    pass


def patiently(step):
    """A retriable failure leaves it open what has happened: the same is asked again."""
    while True:
        try:
            return step()
        except KafkaException as failure:
            if not failure.args[0].retriable():
                raise
            print("once more after", failure, flush=True)


def go_back():
    """Begins again where the last committed transaction ended."""
    assignment = consumer.assignment()
    if assignment:
        for place in patiently(lambda: consumer.committed(assignment, timeout=REQUEST_S)):
            consumer.seek(TopicPartition(place.topic, place.partition, place.offset if place.offset >= 0 else 0))


def transfer(messages):
    producer.begin_transaction()
    try:
        for message in messages:
            producer.produce(TARGET, key=message.key(), value=message.value(), partition=message.partition())
            producer.poll(0)
        offsets = {}
        for message in messages:
            offsets[message.topic(), message.partition()] = message.offset() + 1
        places = [TopicPartition(topic, index, offset) for (topic, index), offset in offsets.items()]
        metadata = consumer.consumer_group_metadata()
        patiently(lambda: producer.send_offsets_to_transaction(places, metadata, REQUEST_S))
        if random.random() < ABORTED_PART:
            raise AbortedOnPurpose()
        patiently(lambda: producer.commit_transaction(REQUEST_S))
    except (KafkaException, AbortedOnPurpose) as failure:
        if isinstance(failure, KafkaException) and not failure.args[0].txn_requires_abort():
            raise
        print("aborting after", repr(failure), flush=True)
        patiently(lambda: producer.abort_transaction(REQUEST_S))
        go_back()


def run():
    consumer.subscribe([SOURCE])
    patiently(lambda: producer.init_transactions(REQUEST_S))
    while True:
        polled = consumer.consume(50, timeout=0.1)
        messages = [message for message in polled if message.error() is None]
        if messages:
            transfer(messages)


try:
    run()
except KafkaException as end:
    print("of no use any more:", end, flush=True)
    sys.exit(3)
