// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import live.millrace.platform.engine.Refusal;
import live.millrace.platform.live.BrowserLive;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Keys for the page that goes live by itself. For sessions alone: no program that has a token needs one. */
@RestController
@RequestMapping("/api/v1/channels/{channel}/browser-key")
class BrowserKeyApi {
    private final BrowserLive live;
    private final MessageSource messages;

    BrowserKeyApi(BrowserLive live, MessageSource messages) {
        this.live = live;
        this.messages = messages;
    }

    /**
     * What the page wants.
     *
     * @param run as it was told when it began; missing at first
     * @param why missing: somebody pressed a button
     */
    record Wanted(@Nullable UUID run, BrowserLive.@Nullable Why why) {}

    /**
     * A key that was made.
     *
     * @param secret good for one time that begins within a minute
     * @param run to be said by the page when it comes back
     */
    record Made(String secret, UUID run) {
        @Override
        public String toString() {
            return "Made[" + run + "]";
        }
    }

    record Ended(boolean ended) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    Made make(
            Studio studio,
            @RequestBody Wanted wanted,
            HttpServletRequest request,
            HttpServletResponse response,
            Locale locale) {
        response.setHeader("Cache-Control", "no-store");
        return switch (live.start(
                studio.channel(),
                request.getRemoteAddr(),
                Optional.ofNullable(wanted.run()),
                wanted.why() == null ? BrowserLive.Why.BEGIN : wanted.why())) {
            case BrowserLive.Start.May(String secret, UUID run) -> new Made(secret, run);
            case BrowserLive.Start.Refused(Refusal why) -> throw refused(why, locale);
            case BrowserLive.Start.Over() ->
                throw problem(HttpStatus.CONFLICT, "over", "studio.live.ended.other", locale);
            case BrowserLive.Start.Elsewhere() ->
                throw problem(HttpStatus.CONFLICT, "elsewhere", "studio.live.elsewhere", locale);
        };
    }

    /** Ends what the page has on air; it may begin anew at once. */
    @DeleteMapping("/{run}")
    Ended end(Studio studio, @PathVariable UUID run) {
        return new Ended(live.end(studio.channel(), run));
    }

    private ErrorResponseException refused(Refusal why, Locale locale) {
        return switch (why) {
            case CHANNEL_BUSY -> problem(HttpStatus.CONFLICT, "busy", "studio.live.busy", locale);
            // Most often by its owner, who ended a stream a moment ago.
            case KEY_BLOCKED -> problem(HttpStatus.FORBIDDEN, "refused", "studio.live.rests", locale);
            default -> problem(HttpStatus.FORBIDDEN, "refused", "studio.cause.%s".formatted(why), locale);
        };
    }

    private ErrorResponseException problem(HttpStatus status, String code, String words, Locale locale) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, messages.getMessage(words, null, locale));
        problem.setProperty("code", code);
        return new ErrorResponseException(status, problem, null);
    }
}
