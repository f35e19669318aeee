package io.penstock.net.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.TestBroker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What ApiVersions advertises is what the broker answers, version by version, and nothing else is answered. */
@ExtendWith(AlarmExtension.class)
class AdvertisedApisIT {
    private static final Map<ApiKeys, ApiVersion> ADVERTISED = new EnumMap<>(ApiKeys.class);

    private static TestBroker broker;
    private static int port;

    @BeforeAll
    static void start() throws IOException {
        broker = TestBroker.start(TestBroker.Store.MEMORY, Map.of("auto.create.topics.enable", "false"));
        port = Integer.parseInt(broker.address().substring(broker.address().lastIndexOf(':') + 1));
        Clients.createTopic(broker, TypicalRequests.TOPIC, 2);
        try (RawClient client = RawClient.connect(port)) {
            ApiVersionsResponseData response = client.send(
                            ApiKeys.API_VERSIONS,
                            1,
                            new ApiVersionsRequestData()
                                    .setClientSoftwareName("test")
                                    .setClientSoftwareVersion("1"))
                    .read(ApiKeys.API_VERSIONS, ApiVersionsResponseData.class);
            response.apiKeys().forEach(api -> ADVERTISED.put(ApiKeys.forId(api.apiKey()), api));
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @EnumSource(ApiKeys.class)
    void shouldAnswerWhatIsAdvertisedAndNothingElse(ApiKeys api) throws IOException {
        ApiVersion range = ADVERTISED.get(api);
        if (!api.hasValidVersion()) {
            assertThat(range).as("%s is history", api).isNull();
            return;
        }
        if (range == null) {
            assertThat(isRefused(api, api.latestVersion()))
                    .as("%s is not advertised", api)
                    .isTrue();
            return;
        }
        for (short version : versions(api, range)) {
            for (ApiMessage request : requests(api, version)) {
                assertThat(answer(api, version, request).errorCounts())
                        .as("%s version %d, %s", api, version, request)
                        .doesNotContainKey(Errors.UNKNOWN_SERVER_ERROR);
            }
        }
        if (api != ApiKeys.API_VERSIONS) { // which answers any version
            short beyond = (short) (range.maxVersion() + 1);
            assertThat(isRefused(api, beyond)).as("%s version %d", api, beyond).isTrue();
        }
    }

    @Test
    void shouldAdvertiseTheVersionsOfOneKafkaRelease() {
        assertThat(ADVERTISED).isNotEmpty().allSatisfy((api, range) -> {
            assertThat(api.inScope(ListenerType.BROKER)).isTrue();
            assertThat(range.maxVersion()).as("%s", api).isEqualTo(api.latestVersion(false));
            assertThat(range.minVersion()).as("%s", api).isEqualTo(api == ApiKeys.PRODUCE ? 0 : api.oldestVersion());
        });
    }

    @Test
    void shouldHaveATypicalRequestForEveryAdministrativeApi() {
        assertThat(TypicalRequests.covered())
                .contains(
                        ApiKeys.LIST_CONFIG_RESOURCES,
                        ApiKeys.ELECT_LEADERS,
                        ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                        ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                        ApiKeys.ALTER_REPLICA_LOG_DIRS,
                        ApiKeys.DESCRIBE_PRODUCERS,
                        ApiKeys.WRITE_TXN_MARKERS,
                        ApiKeys.DESCRIBE_QUORUM,
                        ApiKeys.UPDATE_FEATURES,
                        ApiKeys.UNREGISTER_BROKER,
                        ApiKeys.DESCRIBE_ACLS,
                        ApiKeys.CREATE_ACLS,
                        ApiKeys.DELETE_ACLS);
    }

    /** Versions that are advertised and served; Produce advertises some for the sake of old clients that it refuses. */
    private static List<Short> versions(ApiKeys api, ApiVersion range) {
        return IntStream.rangeClosed(Math.max(range.minVersion(), api.oldestVersion()), range.maxVersion())
                .mapToObj(version -> (short) version)
                .toList();
    }

    private static List<ApiMessage> requests(ApiKeys api, short version) {
        List<ApiMessage> requests = new ArrayList<>();
        ApiMessage empty = api.messageType.newRequest();
        if (empty instanceof ProduceRequestData produce) {
            produce.setAcks((short) -1); // 0 would have no answer
        }
        Stream.concat(Stream.of(empty), TypicalRequests.of(api, version).stream())
                .filter(request -> isWritable(api, version, request))
                .forEach(requests::add);
        return requests;
    }

    private static boolean isWritable(ApiKeys api, short version, ApiMessage request) {
        try {
            RawClient.frame(api, version, 1, request);
            return true;
        } catch (UnsupportedVersionException fieldUnknownInThatVersion) {
            return false;
        }
    }

    private static AbstractResponse answer(ApiKeys api, short version, ApiMessage request) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            ByteBuffer frame =
                    client.sendBytes(RawClient.frame(api, version, 7, request)).read();
            ByteBufferAccessor in = new ByteBufferAccessor(frame);
            ResponseHeaderData header = new ResponseHeaderData(in, api.responseHeaderVersion(version));
            assertThat(header.correlationId()).isEqualTo(7);
            AbstractResponse response = AbstractResponse.parseResponse(api, in, version);
            assertThat(in.remaining())
                    .as("bytes after %s version %d", api, version)
                    .isZero();
            return response;
        }
    }

    /** Written as the newest version that the codec knows, with another number in the header. */
    private static boolean isRefused(ApiKeys api, short version) throws IOException {
        short known = (short) Math.min(version, api.latestVersion());
        byte[] frame = RawClient.frame(api, known, 1, api.messageType.newRequest());
        ByteBuffer.wrap(frame).putShort(6, version);
        try (RawClient client = RawClient.connect(port)) {
            return client.sendBytes(frame).isClosedByServer();
        }
    }
}
