// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint;

import io.netty.handler.codec.http.HttpResponseStatus;
import live.millrace.media.access.PlayRefusal;
import live.millrace.media.http.HttpAnswer;

/** What viewers hear over HTTP who may not have what everybody else may watch. Of what is hidden they hear that it is not there. */
public final class ViewerRefusal {
    private ViewerRefusal() {}

    /** What one hears who may, and asks more often than a player does. */
    public static boolean asksTooOften(PlayRefusal cause) {
        return cause == PlayRefusal.TOO_FAST || cause == PlayRefusal.TOO_MANY_SOCKETS;
    }

    /** The refusal in words, of what is not hidden. */
    public static HttpAnswer words(PlayRefusal cause) {
        return switch (cause) {
            case TOO_FAST, TOO_MANY_SESSIONS, TOO_MANY_SOCKETS -> HttpAnswer.tooMany();
            case NOT_ALLOWED, NO_ANSWER, REVOKED, EXPIRED, TOO_MANY_NETWORKS, NO_SESSION -> notForYou();
        };
    }

    /** Of what everybody else may watch. */
    public static HttpAnswer notForYou() {
        return HttpAnswer.refusal(HttpResponseStatus.FORBIDDEN, "This stream is not for you.");
    }
}
