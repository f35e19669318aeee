package io.penstock.net.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.FileRegion;
import io.netty.util.ReferenceCounted;
import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.CountedSlices;
import io.penstock.net.fixture.FetchAnswers;
import io.penstock.net.fixture.SlicesInFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AlarmExtension.class)
final class ResponseEncoderTest {
    private static final short FETCH = ApiKeys.FETCH.latestVersion();
    private static final int CORRELATION_ID = 77;

    @Test
    void shouldPutLargeSlicesOnTheWireUncopiedAndInOrder() {
        // given
        CountedSlices first = CountedSlices.ofSizes(4_000, 3_000);
        CountedSlices second = CountedSlices.ofSizes(5_000);

        // when
        EncodedResponse encoded = encode(FETCH, FetchAnswers.of(first, second));

        // then
        assertThat(encoded.parts())
                .filteredOn(part -> part instanceof ByteBuf bytes && bytes.readableBytes() >= 3_000)
                .hasSize(3);
        FetchResponseData found = decodeFetch(encoded);
        assertThat(records(found, 0)).isEqualTo(bytesOf(first));
        assertThat(records(found, 1)).isEqualTo(bytesOf(second));
        encoded.release();
        assertThat(first.references()).isZero();
        assertThat(second.references()).isZero();
    }

    @Test
    void shouldCopySmallSlicesAndReleaseThemAtOnce() {
        // given
        CountedSlices small = CountedSlices.ofSizes(100);
        CountedSlices large = CountedSlices.ofSizes(10_000);

        // when
        EncodedResponse encoded = encode(FETCH, FetchAnswers.of(small, large));

        // then
        assertThat(small.references()).isZero();
        assertThat(large.references()).isEqualTo(1);
        assertThat(records(decodeFetch(encoded), 0).remaining()).isEqualTo(100);
        encoded.release();
        assertThat(large.references()).isZero();
    }

    @Test
    void shouldReleaseSlicesOnceAfterTheWrite() {
        // given
        CountedSlices slices = CountedSlices.ofSizes(10_000);
        EncodedResponse encoded = encode(FETCH, FetchAnswers.of(slices));

        // when
        encoded.parts().forEach(ReferenceCounted::release);
        encoded.onWritten();
        encoded.onWritten();

        // then
        assertThat(slices.references()).isZero();
    }

    @Test
    void shouldReleaseSlicesOfAnswerThatCannotBeEncoded() {
        // given an answer whose top-level error does not exist in version 4
        CountedSlices slices = CountedSlices.ofSizes(10_000);
        FetchResponseData answer = FetchAnswers.of(slices).setSessionId(5);

        // then
        assertThatExceptionOfType(UnsupportedVersionException.class).isThrownBy(() -> encode((short) 4, answer));
        assertThat(slices.references()).isZero();
    }

    @Test
    void shouldPutRegionsOfFilesBetweenTheBytesOfTheAnswer() {
        // given
        SlicesInFile filed = SlicesInFile.ofSizes(40_000, 50_000);
        CountedSlices mapped = CountedSlices.ofSizes(5_000);

        // when
        EncodedResponse encoded = encode(RecordTransfer.FILES, FETCH, FetchAnswers.of(filed, mapped));

        // then
        assertThat(encoded.parts())
                .extracting(part -> part instanceof FileRegion region ? region.count() : -1L)
                .containsExactly(-1L, 40_000L, 50_000L, -1L, -1L, -1L);
        assertThat(((FileRegion) encoded.parts().get(2)).position())
                .isEqualTo(filed.fileSlices().get(1).position());
        assertThat(encoded.bytes()).isGreaterThan(95_000);
        encoded.release();
        assertThat(mapped.references()).isZero();
    }

    @Test
    void shouldSendFromMemoryWhereFilesCannotBeSent() {
        // given
        SlicesInFile filed = SlicesInFile.ofSizes(40_000);

        // when
        EncodedResponse encoded = encode(RecordTransfer.MEMORY, FETCH, FetchAnswers.of(filed));

        // then
        assertThat(encoded.parts()).allMatch(part -> part instanceof ByteBuf);
        assertThat(records(decodeFetch(encoded), 0).remaining()).isEqualTo(40_000);
        encoded.release();
        assertThat(filed.references()).isZero();
    }

    @Test
    void shouldReleaseRegionsOfAnswerThatIsNotWritten() {
        // given
        SlicesInFile filed = SlicesInFile.ofSizes(40_000, 50_000);
        EncodedResponse encoded = encode(RecordTransfer.FILES, FETCH, FetchAnswers.of(filed));

        // when
        encoded.release();

        // then
        assertThat(encoded.parts()).allSatisfy(part -> assertThat(part.refCnt()).isZero());
        assertThat(filed.references()).isZero();
    }

    @Test
    void shouldLeaveItToTheLogToCloseItsFile() {
        // given
        SlicesInFile filed = SlicesInFile.ofSizes(40_000);
        EncodedResponse encoded = encode(RecordTransfer.FILES, FETCH, FetchAnswers.of(filed));

        // when
        encoded.parts().forEach(ReferenceCounted::release);

        // then
        assertThat(filed.isFileOpen()).isTrue();
        encoded.onWritten();
        assertThat(filed.references()).isZero();
        assertThat(filed.isFileOpen()).isFalse();
    }

    @Test
    void shouldTellWhetherItsFilesHaveAllBytes() throws IOException {
        // given
        EncodedResponse whole =
                encode(RecordTransfer.FILES, FETCH, FetchAnswers.of(SlicesInFile.ofSizes(40_000, 50_000)));
        EncodedResponse cut = encode(
                RecordTransfer.FILES,
                FETCH,
                FetchAnswers.of(SlicesInFile.ofSizes(40_000, 50_000).shortenedBy(1)));

        // then
        assertThat(whole.isWhole()).isTrue();
        assertThat(cut.isWhole()).isFalse();
        whole.release();
        cut.release();
    }

    @Test
    void shouldNeverTagTheHeaderOfApiVersions() {
        for (short version = 0; version <= ApiKeys.API_VERSIONS.latestVersion(); version++) {
            // when
            EncodedResponse encoded = ResponseEncoder.encode(
                    PooledByteBufAllocator.DEFAULT,
                    RecordTransfer.MEMORY,
                    ApiKeys.API_VERSIONS,
                    version,
                    CORRELATION_ID,
                    new ApiVersionsResponseData().setErrorCode((short) 35));

            // then the error code follows the correlation id
            ByteBuf bytes = join(encoded);
            assertThat(bytes.getInt(0)).isEqualTo(bytes.readableBytes() - Integer.BYTES);
            assertThat(bytes.getInt(4)).isEqualTo(CORRELATION_ID);
            assertThat(bytes.getShort(8)).isEqualTo((short) 35);
            encoded.release();
        }
    }

    @Test
    void shouldTagTheHeaderOfOtherFlexibleAnswers() {
        // when
        EncodedResponse encoded = ResponseEncoder.encode(
                PooledByteBufAllocator.DEFAULT,
                RecordTransfer.MEMORY,
                ApiKeys.METADATA,
                (short) 12,
                CORRELATION_ID,
                new MetadataResponseData().setThrottleTimeMs(9));

        // then
        ByteBuf bytes = join(encoded);
        assertThat(bytes.getByte(8)).isZero();
        assertThat(bytes.getInt(9)).isEqualTo(9);
        encoded.release();
    }

    private static EncodedResponse encode(short version, ApiMessage response) {
        return encode(RecordTransfer.MEMORY, version, response);
    }

    private static EncodedResponse encode(RecordTransfer transfer, short version, ApiMessage response) {
        return ResponseEncoder.encode(
                PooledByteBufAllocator.DEFAULT, transfer, ApiKeys.FETCH, version, CORRELATION_ID, response);
    }

    private static FetchResponseData decodeFetch(EncodedResponse encoded) {
        ByteBufferAccessor in = new ByteBufferAccessor(join(encoded).nioBuffer());
        assertThat(in.readInt()).isEqualTo(encoded.bytes() - Integer.BYTES);
        new ResponseHeaderData().read(in, (short) 1);
        return new FetchResponseData(in, FETCH);
    }

    private static ByteBuf join(EncodedResponse encoded) {
        ByteBuf joined = Unpooled.buffer();
        encoded.parts().forEach(part -> joined.writeBytes(((ByteBuf) part).duplicate()));
        return joined;
    }

    private static ByteBuffer records(FetchResponseData data, int partition) {
        return ((MemoryRecords)
                        data.responses().get(0).partitions().get(partition).records())
                .buffer();
    }

    private static ByteBuffer bytesOf(CountedSlices slices) {
        ByteBuffer joined = ByteBuffer.allocate(slices.sizeBytes());
        slices.buffers().forEach(buffer -> joined.put(buffer.duplicate()));
        return joined.flip();
    }
}
