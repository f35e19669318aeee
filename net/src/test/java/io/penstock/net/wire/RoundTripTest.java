package io.penstock.net.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.FrameCorpus;
import io.penstock.net.fixture.FrameCorpus.Sample;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AlarmExtension.class)
final class RoundTripTest {
    private static final int SEEDS = 20;

    @Test
    void shouldReadEveryRequestAsKafkaDoes() {
        for (int seed = 0; seed < SEEDS; seed++) {
            for (Sample sample : new FrameCorpus(seed).requests()) {
                // given
                ApiMessage expected = sample.api().messageType.newRequest();
                expected.read(new ByteBufferAccessor(ByteBuffer.wrap(sample.body())), sample.version());

                // when
                ByteBuf frame = direct(sample.frame());
                DecodedRequest decoded = new RequestDecoder((api, version) -> true, 1 << 20).decode(frame);

                // then
                assertThat(decoded.data()).as("%s, seed %d", sample, seed).isEqualTo(expected);
                assertThat(decoded.version()).isEqualTo(sample.version());
                assertThat(decoded.header().api()).isEqualTo(sample.api());
                frame.release();
            }
        }
    }

    @Test
    void shouldWriteEveryResponseAsKafkaDoes() {
        for (int seed = 0; seed < SEEDS; seed++) {
            for (Sample sample : new FrameCorpus(seed).responses()) {
                // given
                ApiMessage response = sample.api().messageType.newResponse();
                response.read(new ByteBufferAccessor(ByteBuffer.wrap(sample.body())), sample.version());
                ByteBuffer expected = MessageUtil.toByteBufferAccessor(response, sample.version())
                        .buffer();

                // when
                ByteBuf head = PooledByteBufAllocator.DEFAULT.directBuffer();
                ObjectSerializationCache cache = new ObjectSerializationCache();
                response.size(cache, sample.version());
                response.write(new ByteBufWritable(head), cache, sample.version());

                // then
                assertThat(head.nioBuffer()).as("%s, seed %d", sample, seed).isEqualTo(expected);
                head.release();
            }
        }
    }

    @Test
    void shouldReadEveryResponseItWrites() {
        for (Sample sample : new FrameCorpus(7).responses()) {
            // given
            ByteBuf body = direct(sample.body());

            // when
            ApiMessage response = sample.api().messageType.newResponse();
            response.read(new ByteBufReadable(body), sample.version());

            // then
            ApiMessage expected = sample.api().messageType.newResponse();
            expected.read(new ByteBufferAccessor(ByteBuffer.wrap(sample.body())), sample.version());
            assertThat(response).as("%s", sample).isEqualTo(expected);
            assertThat(body.isReadable()).isFalse();
            body.release();
        }
    }

    @Test
    void shouldCoverEveryApiAndVersion() {
        // given
        List<Sample> samples = new FrameCorpus(1).requests();

        // then
        assertThat(samples).hasSizeGreaterThan(250);
    }

    private static ByteBuf direct(byte[] bytes) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
    }
}
