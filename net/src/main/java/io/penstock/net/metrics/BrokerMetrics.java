package io.penstock.net.metrics;

import io.netty.util.concurrent.FastThreadLocal;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.runtime.CleanerFigures;
import io.penstock.core.runtime.PartitionMetrics;
import io.penstock.net.server.FrontendMetrics;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Counts what connections, requests and partitions of one broker do. Safe from any thread: each writes to a {@link LoopRecorder} of its
 * own, found by a thread-local lookup. A thread's figures stay when it ends.
 */
public final class BrokerMetrics implements FrontendMetrics, PartitionMetrics {

    private final List<LoopRecorder> recorders = new CopyOnWriteArrayList<>();
    private final FastThreadLocal<LoopRecorder> current = new FastThreadLocal<>() {
        @Override
        protected LoopRecorder initialValue() {
            LoopRecorder recorder = new LoopRecorder();
            recorders.add(recorder);
            return recorder;
        }
    };
    private volatile int openLogs;
    private volatile CleanerFigures cleaner = CleanerFigures.NONE;

    @Override
    public void onConnectionOpened(String listenerName) {
        current.get().listener(listenerName).opened.add(1);
    }

    @Override
    public void onConnectionClosed(String listenerName) {
        current.get().listener(listenerName).closed.add(1);
    }

    @Override
    public void onConnectionRefused(String listenerName) {
        current.get().listener(listenerName).refused.add(1);
    }

    @Override
    public void onConnectionFault(String listenerName) {
        current.get().listener(listenerName).faults.add(1);
    }

    @Override
    public void onRequest(ApiKeys api, short version, int bytes) {
        current.get().api(api).onRequest(version, bytes);
    }

    @Override
    public void onAnswer(ApiKeys api, short version, int bytes, long elapsedNs) {
        current.get().api(api).onAnswer(bytes, elapsedNs);
    }

    @Override
    public void onHandlerFailure(ApiKeys api) {
        current.get().api(api).onFailure();
    }

    @Override
    public void onAppended(PartitionId partition, int records, int sizeBytes, long elapsedNs) {
        LoopRecorder recorder = current.get();
        recorder.allTopics().onAppended(records, sizeBytes);
        recorder.topic(partition.topicId()).onAppended(records, sizeBytes);
        recorder.appends().record(elapsedNs);
    }

    @Override
    public void onRejected(PartitionId partition, int sizeBytes) {
        LoopRecorder recorder = current.get();
        recorder.allTopics().onRejected(sizeBytes);
        recorder.topic(partition.topicId()).onRejected(sizeBytes);
    }

    @Override
    public void onDuplicatesDropped(PartitionId partition, int records) {
        LoopRecorder recorder = current.get();
        recorder.allTopics().onDuplicatesDropped(records);
        recorder.topic(partition.topicId()).onDuplicatesDropped(records);
    }

    @Override
    public void onFetched(PartitionId partition, int sizeBytes) {
        LoopRecorder recorder = current.get();
        recorder.allTopics().onFetched(sizeBytes);
        recorder.topic(partition.topicId()).onFetched(sizeBytes);
    }

    @Override
    public void onLogOpen(int openLogs) {
        this.openLogs = openLogs;
    }

    @Override
    public void onCleaner(CleanerFigures figures) {
        cleaner = figures;
    }

    CleanerFigures cleaner() {
        return cleaner;
    }

    int openLogs() {
        return openLogs;
    }

    /** The figures of all threads that ever counted something. */
    List<LoopRecorder> recorders() {
        return recorders;
    }
}
