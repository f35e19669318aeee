package io.penstock.core.group;

import java.util.List;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;

/**
 * What comes of a heartbeat of a streams group's member.
 *
 * @param data for the client
 * @param missingTopics internal topics that somebody has to make before tasks can be assigned
 */
public record StreamsHeartbeatAnswer(StreamsGroupHeartbeatResponseData data, List<CreatableTopic> missingTopics) {
    public StreamsHeartbeatAnswer {
        missingTopics = List.copyOf(missingTopics);
    }
}
