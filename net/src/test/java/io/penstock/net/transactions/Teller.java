package io.penstock.net.transactions;

import io.penstock.net.clients.Clients;
import io.penstock.net.fixture.TestBroker;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * Moves money between accounts: two records, as a rule in two partitions, in one transaction. Aborts many of its transfers, and now and
 * then a successor with the same transactional id takes its place in mid-transfer. Runs on one thread.
 */
final class Teller {
    static final String TOPIC = "bank";
    static final int PARTITIONS = 3;

    private final TestBroker broker;
    private final int number;
    private final Ledger ledger;
    private final Random random;
    private KafkaProducer<String, String> producer;
    private int transfers;

    /** What became of transfers, and what was wrong with them. Safe from any thread. */
    static final class Ledger {
        final Set<String> committed = ConcurrentHashMap.newKeySet();
        final Set<String> aborted = ConcurrentHashMap.newKeySet();
        final Set<String> flaws = ConcurrentHashMap.newKeySet();
        final AtomicInteger fenced = new AtomicInteger();
    }

    Teller(TestBroker broker, int number, Ledger ledger, long seed) {
        this.broker = broker;
        this.number = number;
        this.ledger = ledger;
        this.random = new Random(seed);
        this.producer = take();
    }

    /** Becomes the one producer of this transactional id. */
    private KafkaProducer<String, String> take() {
        KafkaProducer<String, String> taken =
                Clients.producer(broker, "transactional.id", "teller-" + number, "linger.ms", 0);
        taken.initTransactions();
        return taken;
    }

    void workUntil(long endNs) {
        while (System.nanoTime() < endNs) {
            String transfer = number + "-" + transfers++;
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> abort(transfer);
                case 3 -> loseTheOffice(transfer);
                default -> commit(transfer);
            }
        }
        producer.close();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a commit fails with them
    private void write(String transfer) {
        int amount = 1 + random.nextInt(100);
        int from = random.nextInt(PARTITIONS);
        int to = random.nextInt(PARTITIONS);
        producer.send(new ProducerRecord<>(TOPIC, from, transfer, Integer.toString(-amount)));
        producer.send(new ProducerRecord<>(TOPIC, to, transfer, Integer.toString(amount)));
    }

    private void commit(String transfer) {
        producer.beginTransaction();
        write(transfer);
        producer.commitTransaction();
        ledger.committed.add(transfer);
    }

    private void abort(String transfer) {
        ledger.aborted.add(transfer);
        producer.beginTransaction();
        write(transfer);
        if (random.nextBoolean()) {
            producer.flush();
        }
        producer.abortTransaction();
    }

    private void loseTheOffice(String transfer) {
        ledger.aborted.add(transfer);
        KafkaProducer<String, String> zombie = producer;
        zombie.beginTransaction();
        write(transfer);
        if (random.nextBoolean()) {
            zombie.flush();
        }
        producer = take();
        try {
            zombie.commitTransaction();
            ledger.flaws.add("a zombie committed " + transfer);
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            ledger.fenced.incrementAndGet();
        } catch (KafkaException e) {
            if (e.getCause() instanceof ProducerFencedException
                    || e.getCause() instanceof InvalidProducerEpochException) {
                ledger.fenced.incrementAndGet();
            } else {
                ledger.flaws.add("a zombie was stopped by " + e + " because of " + e.getCause());
            }
        }
        zombie.close();
    }
}
