// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of an answer is sent to a request: all of it, a range (RFC 9110 §14), or nothing that the client has already (§13.1.2).
 *
 * @param from the first byte
 * @param length how many; 0 for none
 */
record Sent(HttpResponseStatus status, long from, long length) {
    static Sent of(HttpAnswer answer, HttpHeaders request) {
        long size = answer.content().size();
        if (answer.entityTag().isPresent()
                && matches(
                        request.get(HttpHeaderNames.IF_NONE_MATCH),
                        answer.entityTag().get())) {
            return new Sent(HttpResponseStatus.NOT_MODIFIED, 0, 0);
        }
        String asked = answer.ranges() && goesOn(answer, request) ? request.get(HttpHeaderNames.RANGE) : null;
        Optional<ByteRange> range = asked == null ? Optional.empty() : ByteRange.parse(asked, size);
        return range.map(part -> new Sent(
                        part.length() == 0
                                ? HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE
                                : HttpResponseStatus.PARTIAL_CONTENT,
                        part.first(),
                        part.length()))
                .orElseGet(() -> new Sent(answer.status(), 0, size));
    }

    /** Whether a range is of what the client has the rest of (§13.1.5). By a date nobody can tell. */
    private static boolean goesOn(HttpAnswer answer, HttpHeaders request) {
        String condition = request.get(HttpHeaderNames.IF_RANGE);
        return condition == null
                || answer.entityTag().filter(condition.strip()::equals).isPresent();
    }

    private static boolean matches(@Nullable String header, String tag) {
        return header != null
                && (header.strip().equals("*")
                        || List.of(header.split("\\s*,\\s*", -1)).contains(tag));
    }

    /** Sets the headers that tell of it. */
    void describe(HttpAnswer answer, HttpHeaders headers) {
        headers.set(HttpHeaderNames.CACHE_CONTROL, answer.cacheControl());
        answer.entityTag().ifPresent(tag -> headers.set(HttpHeaderNames.ETAG, tag));
        long size = answer.content().size();
        if (!status.equals(HttpResponseStatus.NOT_MODIFIED)) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
            headers.set(HttpHeaderNames.CONTENT_LENGTH, length);
            answer.encoding().ifPresent(encoding -> headers.set(HttpHeaderNames.CONTENT_ENCODING, encoding));
        }
        if (answer.ranges()) {
            headers.set(HttpHeaderNames.ACCEPT_RANGES, HttpHeaderValues.BYTES);
        }
        if (status.equals(HttpResponseStatus.PARTIAL_CONTENT)) {
            headers.set(HttpHeaderNames.CONTENT_RANGE, "bytes " + from + "-" + (from + length - 1) + "/" + size);
        } else if (status.equals(HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE)) {
            headers.set(HttpHeaderNames.CONTENT_RANGE, "bytes */" + size);
        }
        answer.headers().forEach((name, value) -> headers.set(name, value));
    }
}
