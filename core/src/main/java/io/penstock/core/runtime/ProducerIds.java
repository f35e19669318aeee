package io.penstock.core.runtime;

import io.penstock.core.metadata.MetadataController;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * Hands out producer ids from blocks that are durable, so that none is ever given twice; what is left of a block when the broker
 * ends is never used. Owned by the metadata's event loop.
 */
final class ProducerIds {
    private final Supplier<Future<Long>> allocateBlock;
    private final ArrayDeque<Promise<Long>> waiting = new ArrayDeque<>();
    private long nextId;
    private long endId;

    /**
     * @param allocateBlock gives the first id of a new, durable block of {@link MetadataController#PRODUCER_ID_BLOCK}
     */
    ProducerIds(Supplier<Future<Long>> allocateBlock) {
        this.allocateBlock = allocateBlock;
    }

    Future<Long> next() {
        if (nextId < endId) {
            return Future.succeededFuture(nextId++);
        }
        Promise<Long> id = Promise.promise();
        waiting.add(id);
        if (waiting.size() == 1) {
            allocate();
        }
        return id.future();
    }

    private void allocate() {
        allocateBlock.get().onComplete(this::onBlock);
    }

    private void onBlock(AsyncResult<Long> block) {
        if (block.failed()) {
            for (Promise<Long> id = waiting.poll(); id != null; id = waiting.poll()) {
                id.fail(block.cause());
            }
            return;
        }
        nextId = block.result();
        endId = nextId + MetadataController.PRODUCER_ID_BLOCK;
        while (!waiting.isEmpty() && nextId < endId) {
            waiting.remove().complete(nextId++);
        }
        if (!waiting.isEmpty()) {
            allocate();
        }
    }
}
