// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.Subject;
import live.millrace.media.recording.ArchiveAwayException;

/** What is answered, but for the bytes. */
final class VideoAnswers {
    static final String MP4 = "video/mp4";

    /** What grows is asked for again. */
    static final String GROWING = "no-store";

    /** What is over may be trimmed, hidden or deleted. */
    static final String FINISHED = "public, max-age=60";

    /** An address of a segment never means other bytes. */
    static final String IMMUTABLE = "public, max-age=604800, immutable";

    /** Of a stream that is not on as well. */
    static final String NOT_RECORDED = "This channel is not being recorded.";

    private static final int MOST_NAME = 120;

    private VideoAnswers() {}

    /**
     * To be saved, and not shown (RFC 6266).
     *
     * @param name of the file; without one it is that of the address
     */
    static String attachment(String name) {
        String shown = name.replaceAll("[\\p{Cntrl}/\\\\:*?\"<>|]", " ").strip();
        if (shown.length() <= 1) {
            return "attachment";
        }
        String cut = shown.codePoints()
                .limit(MOST_NAME)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return "attachment; filename*=UTF-8''"
                + URLEncoder.encode(cut, StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("*", "%2A");
    }

    /** The same for one that was never there, one that was deleted, and a name that nothing can have. */
    static HttpAnswer notFound() {
        return HttpAnswer.refusal(HttpResponseStatus.NOT_FOUND, Subject.Recording.ABSENT);
    }

    static HttpAnswer notRecorded() {
        return HttpAnswer.refusal(HttpResponseStatus.NOT_FOUND, NOT_RECORDED);
    }

    static HttpAnswer badRequest(String line) {
        return HttpAnswer.refusal(HttpResponseStatus.BAD_REQUEST, line);
    }

    static HttpAnswer later() {
        return HttpAnswer.refusal(HttpResponseStatus.SERVICE_UNAVAILABLE, "Too many ask at the moment.")
                .with("Retry-After", "2");
    }

    /** What is no file, and which addresses are. */
    static HttpAnswer severalFiles(String reason, List<String> addresses) {
        return HttpAnswer.refusal(HttpResponseStatus.CONFLICT, reason + "\n" + String.join("\n", addresses));
    }

    /** The answer where there is none: because too many ask, or it failed. */
    static HttpAnswer failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (cause) {
            case RejectedExecutionException _ -> later();
            case ArchiveAwayException away -> HttpAnswer.notNow(away.again());
            case SeveralFilesException several -> severalFiles(several.reason(), several.addresses());
            default -> throw new CompletionException(cause);
        };
    }

    /**
     * Bytes that were written once for many.
     *
     * @param bytes unpooled; nobody releases them
     */
    static HttpAnswer kept(ByteBuf bytes, String contentType, String caching, boolean gzip, String entityTag) {
        return new HttpAnswer(
                HttpResponseStatus.OK,
                contentType,
                caching,
                new HttpAnswer.Content.Memory(bytes),
                gzip ? Optional.of("gzip") : Optional.empty(),
                Optional.of(entityTag),
                false,
                Map.of());
    }

    /** Something of which ranges may be asked for. */
    static HttpAnswer ranges(HttpAnswer.Content content, String contentType, String caching, String entityTag) {
        return new HttpAnswer(
                HttpResponseStatus.OK,
                contentType,
                caching,
                content,
                Optional.empty(),
                Optional.of(entityTag),
                true,
                Map.of());
    }
}
