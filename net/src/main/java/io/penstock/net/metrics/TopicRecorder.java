package io.penstock.net.metrics;

/** One thread's figures about the records of one topic, or of all. Written by that thread only; read by any. */
final class TopicRecorder {

    private final LoopCounter records = new LoopCounter();
    private final LoopCounter bytesIn = new LoopCounter();
    private final LoopCounter bytesOut = new LoopCounter();
    private final LoopCounter bytesRejected = new LoopCounter();
    private final LoopCounter appends = new LoopCounter();
    private final LoopCounter rejections = new LoopCounter();
    private final LoopCounter fetches = new LoopCounter();
    private final LoopCounter duplicates = new LoopCounter();

    void onAppended(int recordCount, int sizeBytes) {
        appends.add(1);
        records.add(recordCount);
        bytesIn.add(sizeBytes);
    }

    void onRejected(int sizeBytes) {
        rejections.add(1);
        bytesRejected.add(sizeBytes);
    }

    void onFetched(int sizeBytes) {
        fetches.add(1);
        bytesOut.add(sizeBytes);
    }

    void onDuplicatesDropped(int recordCount) {
        duplicates.add(recordCount);
    }

    /** Adds these figures to the given ones. */
    void addTo(TopicSums sums) {
        sums.records += records.value();
        sums.bytesIn += bytesIn.value();
        sums.bytesOut += bytesOut.value();
        sums.bytesRejected += bytesRejected.value();
        sums.appends += appends.value();
        sums.rejections += rejections.value();
        sums.fetches += fetches.value();
        sums.duplicates += duplicates.value();
    }

    /** The figures of several threads added up. Owned by the collector that makes it. */
    static final class TopicSums {
        long records;
        long bytesIn;
        long bytesOut;
        long bytesRejected;
        long appends;
        long rejections;
        long fetches;
        long duplicates;
    }
}
