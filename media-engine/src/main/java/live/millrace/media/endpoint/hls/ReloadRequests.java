// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** Requests for a media playlist: for its newest version, or for one that is not there yet (rfc8216bis §6.2.5). */
final class ReloadRequests {
    private ReloadRequests() {}

    /** The newest version, or the one that is asked for as soon as it is there (rfc8216bis §6.2.5.2). */
    static CompletionStage<HttpAnswer> answer(BlockingReload reload, HttpRequest query) {
        Optional<String> segment = query.parameter("_HLS_msn");
        Optional<String> part = query.parameter("_HLS_part");
        boolean delta = query.parameter("_HLS_skip")
                .filter(skip -> skip.equals("YES") || skip.equals("v2"))
                .isPresent();
        boolean gzip = query.headers()
                .get(HttpHeaderNames.ACCEPT_ENCODING, "")
                .toLowerCase(Locale.ROOT)
                .contains("gzip");
        if (segment.isEmpty()) {
            if (part.isPresent()) {
                return CompletableFuture.completedStage(Answers.badRequest("_HLS_part wants _HLS_msn."));
            }
            PlaylistVersion now = reload.version();
            return now != null
                    ? CompletableFuture.completedStage(Answers.playlist(now, delta, gzip))
                    : reload.await(0, -1).handle((version, failure) -> waited(version, failure, delta, gzip));
        }
        Optional<Long> number = number(segment.get());
        Optional<Long> index = part.map(ReloadRequests::number).orElse(Optional.of(-1L));
        if (number.isEmpty() || index.isEmpty() || index.get() > 1_000_000) {
            return CompletableFuture.completedStage(Answers.badRequest("_HLS_msn and _HLS_part are numbers."));
        }
        return reload.await(number.get(), index.get().intValue())
                .handle((version, failure) -> waited(version, failure, delta, gzip));
    }

    private static HttpAnswer waited(
            @Nullable PlaylistVersion version, @Nullable Throwable failure, boolean delta, boolean gzip) {
        if (version != null) {
            return Answers.playlist(version, delta, gzip);
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof BlockingReload.RefusedException refused && refused.tooFar()
                ? Answers.badRequest("That is too far ahead.")
                : HttpAnswer.refusal(HttpResponseStatus.SERVICE_UNAVAILABLE, "It did not come in time.")
                        .with("Retry-After", "1");
    }

    /** Not negative; empty when it is none. */
    static Optional<Long> number(String text) {
        try {
            long number = Long.parseLong(text);
            return number < 0 ? Optional.empty() : Optional.of(number);
        } catch (NumberFormatException tooLong) {
            return Optional.empty();
        }
    }
}
