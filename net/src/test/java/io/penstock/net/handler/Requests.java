package io.penstock.net.handler;

import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import io.penstock.net.server.ConnectionInfo;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.wire.RequestHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** Requests as a connection from 127.0.0.1 on listener PLAINTEXT, port 19092, would hand them on. */
public final class Requests {
    public static final ConnectionInfo CONNECTION = new ConnectionInfo(
            "test-1",
            "PLAINTEXT",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 19092),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 50000));

    private Requests() {}

    public static KafkaRequest of(ApiMessage data, int version) {
        return of(data, version, new Frame());
    }

    public static KafkaRequest of(ApiMessage data, int version, Frame frame) {
        return from("test", data, version, frame);
    }

    public static KafkaRequest from(String clientId, ApiMessage data, int version, Frame frame) {
        RequestHeader header = new RequestHeader(ApiKeys.forId(data.apiKey()), (short) version, 1, clientId);
        return new KafkaRequest(header, (short) version, data, 100, 0, CONNECTION, frame);
    }

    /** The memory of a request. */
    public static final class Frame extends AbstractReferenceCounted {
        @Override
        protected void deallocate() {}

        @Override
        public ReferenceCounted touch(Object hint) {
            return this;
        }
    }
}
