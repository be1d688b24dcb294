// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What a handler answers.
 *
 * @param content owned by the answer; the server releases it
 * @param encoding value of Content-Encoding, when the content is encoded
 * @param entityTag quoted, when the content may be asked for conditionally
 * @param ranges byte ranges of the content may be asked for
 * @param headers further ones
 */
public record HttpAnswer(
        HttpResponseStatus status,
        String contentType,
        String cacheControl,
        Content content,
        Optional<String> encoding,
        Optional<String> entityTag,
        boolean ranges,
        Map<String, String> headers) {
    /** The bytes of an answer, or where they are. */
    public sealed interface Content {
        /** In bytes. */
        long size();

        /** Bytes in memory. */
        record Memory(ByteBuf bytes) implements Content {
            @Override
            public long size() {
                return bytes.readableBytes();
            }
        }

        /**
         * A piece of a file, or all of it, that does not change. The kernel sends it by itself where nothing has to be encrypted.
         *
         * @param offset where in the file it begins
         * @param reader of the same bytes, for where they have to be in memory
         */
        record File(Path path, long offset, long size, Reader reader) implements Content {
            public File {
                if (offset < 0 || size < 0) {
                    throw new IllegalArgumentException("no piece of a file: " + size + " bytes at " + offset);
                }
            }
        }

        /**
         * Bytes that lie elsewhere and do not change.
         *
         * @param reader brings them
         */
        record Fetched(long size, Reader reader) implements Content {}

        /**
         * Pieces of files, and bytes in memory, one behind the other as one content. Many answers may share it: nobody releases what is in
         * memory of it, which is not pooled.
         *
         * @param size of all of them
         */
        record Joined(List<Content> pieces, long size) implements Content {
            /** @throws IllegalArgumentException if a piece is made of pieces, or they have another size together */
            public Joined {
                pieces = List.copyOf(pieces);
                long sum = 0;
                for (Content piece : pieces) {
                    if (piece instanceof Joined) {
                        throw new IllegalArgumentException("pieces have no pieces");
                    }
                    sum += piece.size();
                }
                if (sum != size) {
                    throw new IllegalArgumentException("pieces of " + sum + " bytes are none of " + size);
                }
            }

            public static Joined of(List<Content> pieces) {
                return new Joined(
                        pieces, pieces.stream().mapToLong(Content::size).sum());
            }
        }
    }

    /** Brings bytes of a content into memory. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Reads. Called on an event loop: returns at once.
         *
         * @param from counted from the content's first byte, wherever in a file that stands
         * @param length all of it inside the content
         * @return exactly so many bytes, owned by the caller, on any thread; fails when they are gone, or with a {@link NotNowException}
         */
        CompletionStage<ByteBuf> read(long from, int length);
    }

    /** An answer in text, not to be kept. */
    public static HttpAnswer text(HttpResponseStatus status, String contentType, String text) {
        return new HttpAnswer(
                status,
                contentType,
                "no-store",
                new Content.Memory(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)),
                Optional.empty(),
                Optional.empty(),
                false,
                Map.of());
    }

    /** An answer in bytes, not to be kept. */
    public static HttpAnswer bytes(String contentType, byte[] bytes) {
        return new HttpAnswer(
                HttpResponseStatus.OK,
                contentType,
                "no-store",
                new Content.Memory(Unpooled.wrappedBuffer(bytes)),
                Optional.empty(),
                Optional.empty(),
                false,
                Map.of());
    }

    /** A refusal in one plain line, not to be kept. */
    public static HttpAnswer refusal(HttpResponseStatus status, String line) {
        return text(status, "text/plain; charset=utf-8", line + "\n");
    }

    public static HttpAnswer notFound() {
        return refusal(HttpResponseStatus.NOT_FOUND, "Nothing is here.");
    }

    /** RFC 6585 §4, with the second after which another try is welcome. */
    public static HttpAnswer tooMany() {
        return refusal(HttpResponseStatus.TOO_MANY_REQUESTS, "Too many requests. Try again in a second.")
                .with("Retry-After", "1");
    }

    /** RFC 9110 §15.6.4, with the time after which another try is welcome. */
    public static HttpAnswer notNow(Duration again) {
        long seconds = Math.max(1, again.plusMillis(999).toSeconds());
        return refusal(HttpResponseStatus.SERVICE_UNAVAILABLE, "This cannot be had at the moment. Try again.")
                .with("Retry-After", Long.toString(seconds));
    }

    /** Gives back what an answer holds that will not be sent. */
    void release() {
        if (content instanceof Content.Memory(ByteBuf bytes)) {
            bytes.release();
        }
    }

    /** The same with one header more. */
    public HttpAnswer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpAnswer(status, contentType, cacheControl, content, encoding, entityTag, ranges, more);
    }
}
