// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint;

import io.netty.handler.codec.http.HttpResponseStatus;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.hub.StreamPath;

/** What somebody is told who may not publish, in the words of HTTP. */
public final class PublishRefusal {
    private static final String RETRY = "Retry-After";
    private static final String RETRY_SECONDS = "5";

    private PublishRefusal() {}

    /**
     * Which of several reasons it was is told to the channel's owner alone. A name that is no key is most often a channel's, whose key was
     * forgotten, or a key that was mistyped: who said no other one hears of both.
     *
     * @param keyed a key stood in the query or the header
     */
    public static HttpAnswer answer(RefusalCause cause, boolean keyed) {
        return switch (cause) {
            case NO_KEY -> noKey();
            case BAD_NAME ->
                line(HttpResponseStatus.FORBIDDEN, "No stream can have this name: " + StreamPath.RULE + ".");
            case CHANNEL_BUSY, TAKEOVER_TOO_SOON ->
                line(HttpResponseStatus.CONFLICT, "This channel is live already.")
                        .with(RETRY, RETRY_SECONDS);
            case TOO_MANY_ATTEMPTS -> HttpAnswer.tooMany().with(RETRY, "60");
            case SERVER_FULL, MAINTENANCE, NO_ANSWER, PEER_LEFT ->
                line(HttpResponseStatus.SERVICE_UNAVAILABLE, "No stream can be taken at the moment. Try again.")
                        .with(RETRY, RETRY_SECONDS);
            case UNKNOWN_KEY,
                    WRONG_CHANNEL,
                    KEY_REVOKED,
                    KEY_BLOCKED,
                    ACCOUNT_SUSPENDED,
                    STREAMING_SUSPENDED,
                    NOT_A_STREAMER,
                    ADDRESS_BANNED,
                    WRONG_PASSPHRASE,
                    PASSPHRASE_MISSING,
                    PASSPHRASE_UNWANTED,
                    UNKNOWN_ENCRYPTION ->
                keyed
                        ? line(HttpResponseStatus.FORBIDDEN, "Publishing was refused. Check the stream key.")
                        : wrongName();
        };
    }

    private static HttpAnswer noKey() {
        return unauthorized("A stream key is missing");
    }

    private static HttpAnswer wrongName() {
        return unauthorized(
                "The name in this address is no valid stream key. If it is a channel, its stream key is missing");
    }

    private static HttpAnswer unauthorized(String words) {
        return line(HttpResponseStatus.UNAUTHORIZED, words + ": …?key=KEY, or Authorization: Bearer KEY.")
                .with("WWW-Authenticate", "Bearer realm=\"publish\"");
    }

    private static HttpAnswer line(HttpResponseStatus status, String line) {
        return HttpAnswer.refusal(status, line);
    }
}
