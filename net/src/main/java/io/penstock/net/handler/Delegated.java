package io.penstock.net.handler;

import io.penstock.net.server.Responder;
import io.vertx.core.Future;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ApiMessage;

/** Answers that somebody else makes. Stateless. */
public final class Delegated {
    private Delegated() {}

    /** Sends what {@code answer} makes; for replies that come when nobody up the stack would tell the client of a bug. */
    static void answer(Supplier<? extends ApiMessage> answer, Responder responder) {
        try {
            responder.send(answer.get());
        } catch (RuntimeException bug) {
            responder.fail(bug);
        }
    }

    /** Sends the answer when it is there; a failure is a bug or a broken disk. */
    public static void answer(Future<? extends ApiMessage> answer, Responder responder) {
        answer.onComplete(done -> {
            if (done.succeeded()) {
                responder.send(done.result());
            } else {
                responder.fail(done.cause());
            }
        });
    }
}
