package io.penstock.core.group;

/**
 * The way back to somebody who asked. Called once; never throws; delivers elsewhere or later, so it never calls back into the shard.
 */
@FunctionalInterface
public interface Reply<T> {
    void send(T answer);
}
