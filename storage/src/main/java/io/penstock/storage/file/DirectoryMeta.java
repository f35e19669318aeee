package io.penstock.storage.file;

import java.nio.charset.StandardCharsets;

/**
 * Whom a data directory belongs to. Immutable.
 *
 * @param clusterId id of the cluster; 1 to 255 bytes in UTF-8
 * @param nodeId id of the broker in it, 0 or more
 */
public record DirectoryMeta(String clusterId, int nodeId) {
    private static final int MAGIC = SealedWriter.magic("PNDD");
    private static final int VERSION = 1;
    private static final int MAX_CLUSTER_ID_BYTES = 255;

    public DirectoryMeta {
        int bytes = clusterId.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_CLUSTER_ID_BYTES) {
            throw new IllegalArgumentException("cluster id must have 1 to 255 bytes, found " + bytes);
        }
        if (nodeId < 0) {
            throw new IllegalArgumentException("node id must be 0 or more, found " + nodeId);
        }
    }

    /** Sealed bytes, magic {@code PNDD}, version 1: int node id, int bytes of the cluster id, cluster id in UTF-8. */
    byte[] toBytes() {
        byte[] id = clusterId.getBytes(StandardCharsets.UTF_8);
        return new SealedWriter(MAGIC, VERSION, 2 * Integer.BYTES + id.length)
                .putInt(nodeId)
                .putInt(id.length)
                .putBytes(id)
                .toBytes();
    }

    static DirectoryMeta fromBytes(byte[] bytes, String what) throws CorruptFileException, FutureVersionException {
        SealedReader in = SealedReader.open(bytes, MAGIC, VERSION, what);
        int nodeId = in.readInt();
        String clusterId = new String(in.readBytes(in.readCount(1)), StandardCharsets.UTF_8);
        in.expectEnd();
        try {
            return new DirectoryMeta(clusterId, nodeId);
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(what + ": " + e.getMessage(), e);
        }
    }
}
