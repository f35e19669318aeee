package io.penstock.core.runtime;

import io.penstock.config.BrokerConfig;
import io.penstock.core.metadata.MetadataImage;
import io.vertx.core.Future;

/** Follows the metadata that this broker shows. Called on the metadata's event loop. */
@FunctionalInterface
interface ImageListener {
    /**
     * A newer image is shown, and the partitions that it adds run. The change that made it is answered after the returned future has
     * completed, however it did.
     */
    Future<Void> onImage(MetadataImage before, MetadataImage after, BrokerConfig config);
}
