package io.penstock.net.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Answers 200 when every check is well and 503 when one is not. The body is one word; with {@code ?verbose} it is a line per check,
 * or JSON for a client that asks for it. Stateless.
 */
final class HealthPage implements Handler<RoutingContext> {

    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final String JSON = "application/json";

    private final Supplier<List<HealthCheck>> checks;

    HealthPage(Supplier<List<HealthCheck>> checks) {
        this.checks = checks;
    }

    @Override
    public void handle(RoutingContext context) {
        List<HealthCheck> found = checks.get();
        boolean isOk = found.stream().allMatch(HealthCheck::isOk);
        var response = context.response()
                .setStatusCode(isOk ? OK : UNAVAILABLE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (isJsonWanted(context)) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, JSON).end(json(isOk, found));
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                    .end(isVerbose(context) ? lines(isOk, found) : word(isOk) + "\n");
        }
    }

    private static boolean isVerbose(RoutingContext context) {
        return context.queryParams().contains("verbose");
    }

    private static boolean isJsonWanted(RoutingContext context) {
        String accepted = context.request().getHeader(HttpHeaders.ACCEPT);
        return accepted != null && accepted.contains(JSON);
    }

    private static String word(boolean isOk) {
        return isOk ? "ok" : "unavailable";
    }

    private static String lines(boolean isOk, List<HealthCheck> found) {
        return found.stream()
                .map(check -> (check.isOk() ? "[+] " : "[-] ") + check.name() + ": " + check.detail() + "\n")
                .collect(Collectors.joining("", word(isOk) + "\n", ""));
    }

    private static String json(boolean isOk, List<HealthCheck> found) {
        JsonArray list = new JsonArray();
        found.forEach(check -> list.add(new JsonObject()
                .put("name", check.name())
                .put("ok", check.isOk())
                .put("detail", check.detail())));
        return new JsonObject().put("ok", isOk).put("checks", list).encode();
    }
}
