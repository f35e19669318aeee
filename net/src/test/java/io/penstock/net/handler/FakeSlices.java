package io.penstock.net.handler;

import io.penstock.storage.LogSlices;
import java.nio.ByteBuffer;
import java.util.List;

/** Records without content that know whether somebody still holds them. */
public final class FakeSlices implements LogSlices {
    private final int sizeBytes;
    private int references = 1;

    public FakeSlices(int sizeBytes) {
        this.sizeBytes = sizeBytes;
    }

    public boolean isReleased() {
        return references == 0;
    }

    @Override
    public int sizeBytes() {
        return sizeBytes;
    }

    @Override
    public List<ByteBuffer> buffers() {
        return List.of(ByteBuffer.allocate(sizeBytes));
    }

    @Override
    public long nextOffset() {
        return 1;
    }

    @Override
    public LogSlices retain() {
        references++;
        return this;
    }

    @Override
    public void release() {
        references--;
        if (references < 0) {
            throw new IllegalStateException("released more often than held");
        }
    }
}
