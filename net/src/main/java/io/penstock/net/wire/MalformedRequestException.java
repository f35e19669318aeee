package io.penstock.net.wire;

import org.jspecify.annotations.Nullable;

/**
 * The bytes are not a request that we serve: a lying length, an unknown API or version, broken content, too much of it. The only
 * exception that decoding throws. It costs the connection that sent the bytes, and nothing else.
 *
 * <p>Has no stack trace: strangers can cause it at will, and its message says where decoding stopped. Messages hold numbers and
 * fixed phrases, never bytes of the client.
 */
public final class MalformedRequestException extends RuntimeException {
    public MalformedRequestException(String message) {
        this(message, null);
    }

    public MalformedRequestException(String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
    }
}
