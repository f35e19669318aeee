package io.penstock.config.source;

/**
 * The text of a value and the place where a person wrote it.
 *
 * @param text as written, after unescaping
 * @param place for messages: {@code in server.properties line 12}
 */
public record SourcedValue(String text, String place) {}
