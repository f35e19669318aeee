package io.penstock.core.group;

import io.penstock.core.group.record.OpaqueBytes;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Reads what consumers say that they subscribe to. Only for groups of type {@code consumer}: what other members say is their own
 * affair. All versions begin with the fields of version 0. Stateless.
 */
final class ConsumerSubscriptions {
    private static final short FIELDS_OF_ALL_VERSIONS = 0;

    private ConsumerSubscriptions() {}

    /** All topics that members subscribe to under a protocol; null if what one of them says cannot be read. */
    static @Nullable Set<String> topics(Collection<ClassicMember> members, String protocol) {
        Set<String> topics = new HashSet<>();
        for (ClassicMember member : members) {
            Set<String> own = topics(member.metadata(protocol));
            if (own == null) {
                return null;
            }
            topics.addAll(own);
        }
        return topics;
    }

    /** The topics of one subscription; null if it cannot be read. */
    static @Nullable Set<String> topics(OpaqueBytes subscription) {
        ByteBuffer bytes = ByteBuffer.wrap(subscription.array());
        try {
            if (bytes.getShort() < 0) {
                return null;
            }
            return new HashSet<>(
                    new ConsumerProtocolSubscription(new ByteBufferAccessor(bytes), FIELDS_OF_ALL_VERSIONS).topics());
        } catch (RuntimeException e) {
            return null; // a client's own bytes: whatever is wrong with them, the group then counts as subscribed to
            // all topics
        }
    }
}
