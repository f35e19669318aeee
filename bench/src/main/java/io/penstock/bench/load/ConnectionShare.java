package io.penstock.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/**
 * One thread's share of many connections, each with one request in flight. The thread waits for all of them at once, since as many threads as
 * connections would spend the processors on changing between them. An answer counts when its turn among those that are ready has come.
 */
final class ConnectionShare implements AutoCloseable {
    private static final int RECEIVE_BYTES = 64 << 10;

    private final LoadPlan plan;
    private final int batchBytes;
    private final Selector selector;
    private final List<Conversation> conversations;
    private final ByteBuffer receiving = ByteBuffer.allocateDirect(RECEIVE_BYTES);

    private ConnectionShare(LoadPlan plan, int batchBytes, Selector selector, List<Conversation> conversations) {
        this.plan = plan;
        this.batchBytes = batchBytes;
        this.selector = selector;
        this.conversations = conversations;
    }

    /**
     * Connects. One thread may do so and another use what came of it.
     *
     * @param frame the request, the same for all
     * @param connections how many are this thread's
     * @param batchBytes that each request moves
     */
    static ConnectionShare connect(LoadPlan plan, ByteBuffer frame, int connections, int batchBytes)
            throws IOException {
        Selector selector = Selector.open();
        List<Conversation> conversations = new ArrayList<>();
        ConnectionShare share = new ConnectionShare(plan, batchBytes, selector, conversations);
        try {
            for (int i = 0; i < connections; i++) {
                conversations.add(Conversation.open(selector, plan.broker(), frame, plan.answered()));
            }
            return share;
        } catch (IOException e) {
            share.close();
            throw e;
        }
    }

    /** Asks and listens until the time of the plan is over, or its thread interrupted; what is then in flight does not count. */
    void run(Samples samples) throws IOException {
        long begin = System.nanoTime();
        for (Conversation conversation : conversations) {
            conversation.ask();
        }
        while (System.nanoTime() - begin < plan.totalNs()
                && !Thread.currentThread().isInterrupted()) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                goOn((Conversation) key.attachment(), samples);
            }
            selector.selectedKeys().clear();
        }
    }

    private void goOn(Conversation conversation, Samples samples) throws IOException {
        if (conversation.goOn(receiving)) {
            samples.record(conversation.sentNs(), System.nanoTime(), batchBytes);
            conversation.ask();
        }
    }

    @Override
    public void close() throws IOException {
        for (Conversation conversation : conversations) {
            conversation.close();
        }
        selector.close();
    }
}
