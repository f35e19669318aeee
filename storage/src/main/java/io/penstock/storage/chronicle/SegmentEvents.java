package io.penstock.storage.chronicle;

/** What the segments of a log tell it, on the log's owner. Implemented by the log. */
interface SegmentEvents {
    /** An append that had to wait for pages, blocks or a segment may find them now. Never called from within an append. */
    void onProgress();

    /** A write met a full disk where blocks had been reserved: there is a quota, or the file system does not keep what it says. */
    void onFull();

    /** The disk failed otherwise than by being full. */
    void onFailure(Throwable failure);
}
