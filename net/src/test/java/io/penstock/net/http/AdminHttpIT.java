package io.penstock.net.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminHttpIT {

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile HealthCheck readiness = HealthCheck.ok("broker", "ready");
    private AdminHttp http = newServer();
    private int port;

    @BeforeEach
    void listen() throws Exception {
        port = await(http.listen("localhost", 0));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void shouldSayReadyWhenEveryCheckIsWell() throws Exception {
        // when
        HttpResponse<String> answer = get("/readyz");

        // then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("ok\n");
    }

    @Test
    void shouldSayWhyItIsNotReady() throws Exception {
        // given
        readiness = HealthCheck.failed("broker", "recovering 3 of 7 partitions");

        // when
        HttpResponse<String> answer = get("/readyz?verbose");

        // then
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("unavailable\n[-] broker: recovering 3 of 7 partitions\n");
        assertThat(get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldAnswerInJsonWhenAskedTo() throws Exception {
        // when
        HttpResponse<String> answer = get("/readyz", "Accept", "application/json");

        // then
        JsonObject body = new JsonObject(answer.body());
        assertThat(body.getBoolean("ok")).isTrue();
        assertThat(body.getJsonArray("checks").getJsonObject(0).getString("name"))
                .isEqualTo("broker");
    }

    @Test
    void shouldServeMetricsInTheFormatAskedFor() throws Exception {
        // when
        HttpResponse<String> answer = get("/metrics", "Accept", "application/openmetrics-text");

        // then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("type of application/openmetrics-text");
        assertThat(answer.body()).isEqualTo("some_total 1\n");
    }

    @Test
    void shouldRefuseOtherMethodsAndPaths() throws Exception {
        // when
        HttpRequest post = request("/metrics")
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        int posted = client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode();

        // then
        assertThat(posted).isEqualTo(405);
        assertThat(get("/../etc/passwd").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldFailWithABindExceptionWhenThePortIsInUse() {
        // when
        Throwable failure = catchThrowable(() -> await(newServer().listen("localhost", port)));

        // then
        assertThat(failure).hasRootCauseInstanceOf(BindException.class);
    }

    private AdminHttp newServer() {
        Health health = new Health() {
            @Override
            public List<HealthCheck> live() {
                return List.of(HealthCheck.ok("event loops", "worst stall 0 ms"));
            }

            @Override
            public List<HealthCheck> ready() {
                return List.of(readiness);
            }
        };
        return new AdminHttp(
                vertx,
                health,
                accepted ->
                        Future.succeededFuture(new MetricsSource.Exposition("type of " + accepted, "some_total 1\n")));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
