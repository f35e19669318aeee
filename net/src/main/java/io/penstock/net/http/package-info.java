/**
 * The one HTTP port: health for service managers and load balancers, metrics for Prometheus. Answers questions only; nothing here
 * changes the broker.
 *
 * <p>Start with {@link io.penstock.net.http.AdminHttp}. May use Vert.x web; knows neither Kafka nor storage.
 */
@NullMarked
package io.penstock.net.http;

import org.jspecify.annotations.NullMarked;
