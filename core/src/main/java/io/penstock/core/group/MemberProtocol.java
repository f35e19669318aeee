package io.penstock.core.group;

import io.penstock.core.group.record.OpaqueBytes;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;

/**
 * One way of assigning partitions that a member can take part in, such as {@code range}.
 *
 * @param metadata what the member has to say to the leader under this protocol
 */
record MemberProtocol(String name, OpaqueBytes metadata) {

    static List<MemberProtocol> listOf(Iterable<JoinGroupRequestProtocol> protocols) {
        List<MemberProtocol> list = new ArrayList<>();
        for (JoinGroupRequestProtocol protocol : protocols) {
            list.add(new MemberProtocol(protocol.name(), OpaqueBytes.of(protocol.metadata())));
        }
        return List.copyOf(list);
    }

    /** Memory that protocols take, roughly. */
    static long sizeBytes(List<MemberProtocol> protocols) {
        long bytes = 0;
        for (MemberProtocol protocol : protocols) {
            bytes += OBJECT_BYTES + protocol.name.length() + protocol.metadata.size();
        }
        return bytes;
    }

    private static final int OBJECT_BYTES = 64;
}
