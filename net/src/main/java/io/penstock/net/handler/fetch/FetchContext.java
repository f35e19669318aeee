package io.penstock.net.handler.fetch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.protocol.Errors;

/**
 * One fetch request in the light of its session: which partitions it is about, and what of the answers it gets. Lives from the
 * request to its answer, on the event loop of the connection.
 *
 * <pre>
 * kind          opened by                            partitions          answer
 * Refused       session unknown, epoch or ids wrong  none                the error, session id 0
 * Sessionless   epoch -1, or the last partition left those of request    all
 * Full          epoch 0                              those of request    all, and the id of a new session if there is room
 * Incremental   epoch above 0                        those of session    news only
 * </pre>
 */
sealed interface FetchContext {
    /** Wanted partitions in serving order. */
    Collection<RequestedPartition> partitions();

    /** Whether partitions may be missing in what is passed to {@link #answer}, because silence means "nothing new". */
    boolean toleratesGaps();

    /**
     * Makes the answer and updates the session. The order of the answers is kept.
     *
     * @return the answer; records of left out partitions are empty, so nothing needs releasing, unless the error is
     *     INVALID_FETCH_SESSION_EPOCH: then the caller still owns all records
     */
    FetchResponseData answer(List<PartitionAnswer> answers, long nowMs);

    /**
     * Makes the empty answer for a client that is throttled, in place of {@link #answer}. The session stays as it is, so what was found
     * will be news again.
     */
    default FetchResponseData throttled() {
        return new FetchResponseData();
    }

    /** The request contradicts its session. */
    record Refused(Errors error) implements FetchContext {
        @Override
        public Collection<RequestedPartition> partitions() {
            return List.of();
        }

        @Override
        public boolean toleratesGaps() {
            return true;
        }

        @Override
        public FetchResponseData answer(List<PartitionAnswer> answers, long nowMs) {
            return throttled();
        }

        @Override
        public FetchResponseData throttled() {
            return new FetchResponseData().setErrorCode(error.code());
        }
    }

    /** A request that stands alone. */
    record Sessionless(Collection<RequestedPartition> partitions) implements FetchContext {
        @Override
        public boolean toleratesGaps() {
            return false;
        }

        @Override
        public FetchResponseData answer(List<PartitionAnswer> answers, long nowMs) {
            return grouped(answers);
        }
    }

    /** A request that would like to start a session. */
    record Full(FetchSessionShard shard, SessionRequest request) implements FetchContext {
        @Override
        public Collection<RequestedPartition> partitions() {
            return request.partitions().values();
        }

        @Override
        public boolean toleratesGaps() {
            return false;
        }

        @Override
        public FetchResponseData answer(List<PartitionAnswer> answers, long nowMs) {
            return grouped(answers).setSessionId(shard.tryCreate(request, answers, nowMs));
        }
    }

    /**
     * A request that continues a session.
     *
     * @param expectedEpoch the session's epoch as this request left it; another one at the time of the answer means that a second
     *     request came in between, on another connection or pipelined
     */
    record Incremental(FetchSession session, int expectedEpoch) implements FetchContext {
        @Override
        public Collection<RequestedPartition> partitions() {
            return session.requested();
        }

        @Override
        public boolean toleratesGaps() {
            return true;
        }

        @Override
        public FetchResponseData throttled() {
            Errors error = session.epoch() == expectedEpoch ? Errors.NONE : Errors.INVALID_FETCH_SESSION_EPOCH;
            return new FetchResponseData().setErrorCode(error.code()).setSessionId(session.id());
        }

        @Override
        public FetchResponseData answer(List<PartitionAnswer> answers, long nowMs) {
            if (session.epoch() != expectedEpoch) {
                return throttled();
            }
            List<PartitionAnswer> news = new ArrayList<>(answers.size());
            for (PartitionAnswer answer : answers) {
                if (session.isNews(answer)) {
                    news.add(answer);
                }
            }
            return grouped(news).setSessionId(session.id());
        }
    }

    /** Puts consecutive partitions of one topic under one heading; the order stays, because clients take it for the serving order. */
    private static FetchResponseData grouped(List<PartitionAnswer> answers) {
        List<FetchableTopicResponse> topics = new ArrayList<>();
        PartitionKey previous = new PartitionKey(Uuid.ZERO_UUID, "", -1);
        List<FetchResponseData.PartitionData> partitions = List.of();
        for (PartitionAnswer answer : answers) {
            if (topics.isEmpty() || !answer.key().hasTopicOf(previous)) {
                partitions = new ArrayList<>();
                topics.add(new FetchableTopicResponse()
                        .setTopic(answer.key().topicName())
                        .setTopicId(answer.key().topicId())
                        .setPartitions(partitions));
            }
            partitions.add(answer.data());
            previous = answer.key();
        }
        return new FetchResponseData().setResponses(topics);
    }
}
